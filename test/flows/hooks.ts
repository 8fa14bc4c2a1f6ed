import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import type { LocalCloud } from '../../infra/local/client.ts';
import { catalogue } from '../../shared/contract/events/catalogue.ts';
import type { EventType } from '../../shared/contract/words.ts';

export interface ReceivedEvent {
  id: string;
  type: EventType;
  timestamp: string;
  subjectSeq: number;
  text: string;
  hash: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads it as an integrator's script would
  data: any;
  /** When this attempt was made, in seconds, by its header. */
  sentAt: number;
  headers: Readonly<Record<string, string>>;
}

/**
 * What the receiver of this name got. Each is checked as an integrator would: signed with the secret, the id of
 * its header, and data that is exactly what the catalogue says of its type.
 */
export async function received(cloud: LocalCloud, name: string, secret: string): Promise<ReceivedEvent[]> {
  const verify = new Webhook(secret);
  return (await cloud.hooks(name)).map(({ headers, body }) => {
    const event = JSON.parse(body) as ReceivedEvent;
    const sentAt = Number(headers['webhook-timestamp']);
    // The receiver's clock was moved, so the signature is checked and the age is not.
    const signature = verify.sign(headers['webhook-id'] ?? '', new Date(sentAt * 1000), body);
    expect(headers['webhook-signature']?.split(' ')).toContain(signature);
    expect(event).toMatchObject({ id: headers['webhook-id'], text: expect.stringMatching(/\.$/) });
    const thin = event.data.ticket && !event.data.ticket.subject;
    if (thin) expect(event.data).toEqual({ ticket: { number: expect.stringMatching(/^ND-/) } });
    else expect(catalogue[event.type].data().parse(event.data), event.type).toEqual(event.data);
    return { ...event, sentAt, headers };
  });
}
