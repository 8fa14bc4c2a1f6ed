/** What the log of attempts says of one that failed: the receiver's status, or why there is none. */
export const webhookErrors = {
  address_refused: 'The address is not one of the public internet, or not HTTPS. Nothing was sent.',
  name_not_resolved:
    'The name of the host has no address, or its name servers did not answer within 3 seconds.',
  connection_failed: 'No connection could be made.',
  tls_failed: 'The certificate is not valid for this host, or the encryption could not be agreed on.',
  connection_closed: 'The connection was closed before an answer came.',
  invalid_response: 'What came back is not HTTP.',
  time_out: 'No answer within 15 seconds. One that comes later does not count.',
  redirected: 'Any 3xx. Redirects are not followed: register the address that they lead to.',
} as const;
export type WebhookError = keyof typeof webhookErrors;

/** Any other status that is not 2xx, such as `status_503`. */
export const statusError = /^status_\d{3}$/;
