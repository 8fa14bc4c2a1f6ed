import { createHmac } from 'node:crypto';

/** What a receiver needs to know that a message is ours and fresh: Standard Webhooks 1.0. */
export interface SignatureHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/**
 * Signs the exact body. Made with node:crypto because the npm package `standardwebhooks` mis-signs bytes
 * that are not UTF-8; in tests that package verifies what this makes.
 * @param secret `whsec_` and base64
 * @param seconds since 1970, of this attempt
 */
export function signatureHeaders(
  secret: string,
  message: { id: string; seconds: number; body: string },
): SignatureHeaders {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key)
    .update(`${message.id}.${message.seconds}.${message.body}`)
    .digest('base64');
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.seconds),
    'webhook-signature': `v1,${signature}`,
  };
}
