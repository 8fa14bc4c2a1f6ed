import type { WebhookError } from '../contract/webhook-errors.ts';
import { AddressRefused } from './address-guard.ts';

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
