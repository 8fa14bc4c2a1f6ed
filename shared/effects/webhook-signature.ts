import { createHmac } from 'node:crypto';

/** What a receiver needs to know that a message is ours and fresh: Standard Webhooks 1.0. */
export interface SignatureHeaders {
  'webhook-id': string;
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/**
 * Signs the exact body with each secret. Made with node:crypto because the npm package `standardwebhooks` mis-signs bytes
 * that are not UTF-8; in tests that package verifies what this makes.
 * @param secrets `whsec_` and base64; receivers accept a message when any of its signatures fits
 * @param seconds since 1970, of this attempt
 */
export function signatureHeaders(
  secrets: readonly string[],
  message: { id: string; seconds: number; body: string },
): SignatureHeaders {
  const signed = `${message.id}.${message.seconds}.${message.body}`;
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.seconds),
    'webhook-signature': signatures.join(' '),
  };
}
