import { AddressRefused } from './address-guard.ts';

/** What the log of attempts says of one that failed, and what whoever runs the receiver does about it. */
export const webhookErrors = {
  address_refused: 'The address is not one of the public internet, or not HTTPS. Nothing was sent.',
  name_not_resolved: 'The name of the host has no address.',
  connection_failed: 'No connection could be made.',
  tls_failed: 'The certificate is not valid for this host, or the encryption could not be agreed on.',
  connection_closed: 'The connection was closed before an answer came.',
  invalid_response: 'What came back is not HTTP.',
  time_out: 'No answer within 15 seconds. One that comes later does not count.',
  redirected: 'Redirects are not followed: register the address that they lead to.',
  status_: 'Any other status that is not 2xx, such as status_503.',
} as const;
type WebhookError = keyof typeof webhookErrors;

/** 2xx is delivered, whatever follows it. */
export function statusCodeError(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'redirected' : `status_${status}`;
}

/** Of an attempt that had no answer. */
export function errorCodeOf(error: unknown): WebhookError {
  if (error instanceof AddressRefused) return error.unresolved ? 'name_not_resolved' : 'address_refused';
  const code = codeIn(error);
  if (/^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_|UND_ERR_RESPONSE)/.test(code)) return 'invalid_response';
  if (/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/.test(code)) return 'time_out';
  if (/CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO_|^EPROTO$|ISSUER/.test(code)) return 'tls_failed';
  if (/^(UND_ERR_SOCKET|UND_ERR_CLOSED|ECONNRESET|EPIPE)$/.test(code)) return 'connection_closed';
  return 'connection_failed';
}

function codeIn(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, name } = at as NodeJS.ErrnoException;
    if (name === 'HTTPParserError') return 'HPE_';
    if (code) return code;
  }
  return '';
}
