import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import type { LocalCloud } from '../../infra/local/client.ts';
import { catalogue } from '../../shared/contract/events/catalogue.ts';
import type { EventType } from '../../shared/contract/words.ts';
import type { Api } from './api.ts';
import type { Desk } from './desk.ts';

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

/** Makes endpoints at the local receiver; each tells what it got so far. */
export const hooksOf =
  (desk: Desk) =>
  async (name: string, settings: object = {}, api: Api = desk.partner) => {
    const { status, body } = await api('POST', '/v1/webhooks', {
      url: `${desk.cloud.baseUrl}/local/hooks/${name}`,
      eventTypes: ['*'],
      ...settings,
    });
    expect(status).toBe(201);
    return {
      path: `/v1/webhooks/${body.id}`,
      id: body.id as string,
      got: () => received(desk.cloud, name, body.secret),
      remove: () => api('DELETE', `/v1/webhooks/${body.id}`),
    };
  };
