import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SNSClient } from '@aws-sdk/client-sns';
import { type Carrier, createCarrier } from '../../shared/effects/carrier.ts';

/** What the carrier does with the next Publish instead of taking it. */
type Mishap =
  | { error: string; status: number }
  /** Takes it, and then keeps silent. */
  | 'silent'
  | 'hangs_up';

interface Sent {
  messageId: string;
  to: string | null;
  topic: string | null;
  subject: string | null;
  body: string;
  attributes: Record<string, string>;
}

/**
 * SNS as its SMS side looks from a client: its protocol over HTTP, opt-outs, and mishaps on request. What it
 * took is in `sent`, mishaps that took the message included: a test that looks at all of it misses no SMS.
 */
export interface FakeCarrier {
  carrier: Carrier;
  sent: Sent[];
  optedOut: Set<string>;
  /** How often it was asked who has opted out. */
  asked: number;
  mishaps: Mishap[];
  /** When set, the question who has opted out fails. */
  opaque: boolean;
  close(): Promise<void>;
}

export const deskAlerts = 'arn:aws:sns:us-east-1:000000000000:desk-alerts';

export async function fakeCarrier(options: { originationNumber?: string } = {}): Promise<FakeCarrier> {
  const fake: Omit<FakeCarrier, 'carrier' | 'close'> = {
    sent: [],
    optedOut: new Set(),
    asked: 0,
    mishaps: [],
    opaque: false,
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
    const refuse = (code: string, status: number) => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code><Message>${code} ${form.get('PhoneNumber')}</Message></Error></ErrorResponse>`,
      );
    };
    const answer = (action: string, result: string) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
    };

    switch (form.get('Action')) {
      case 'CheckIfPhoneNumberIsOptedOut': {
        fake.asked++;
        if (fake.opaque) return refuse('InternalError', 500);
        const isOptedOut = fake.optedOut.has(form.get('phoneNumber') ?? '');
        return answer('CheckIfPhoneNumberIsOptedOut', `<isOptedOut>${isOptedOut}</isOptedOut>`);
      }
      case 'Publish': {
        const mishap = fake.mishaps.shift();
        if (typeof mishap === 'object') return refuse(mishap.error, mishap.status);
        const messageId = `msg-${fake.sent.length + 1}`;
        fake.sent.push({
          messageId,
          to: form.get('PhoneNumber'),
          topic: form.get('TopicArn'),
          subject: form.get('Subject'),
          body: form.get('Message') ?? '',
          attributes: attributesOf(form),
        });
        if (mishap === 'hangs_up') return request.socket.destroy();
        if (mishap === 'silent') await sleep(4000);
        return answer('Publish', `<MessageId>${messageId}</MessageId>`);
      }
      default:
        return refuse('InvalidAction', 400);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = new SNSClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return Object.assign(fake, {
    carrier: createCarrier({
      deskAlertsTopicArn: deskAlerts,
      originationNumber: options.originationNumber ?? null,
      client,
    }),
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  });
}

function attributesOf(form: URLSearchParams): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let n = 1; form.has(`MessageAttributes.entry.${n}.Name`); n++) {
    const name = form.get(`MessageAttributes.entry.${n}.Name`) ?? '';
    attributes[name] = form.get(`MessageAttributes.entry.${n}.Value.StringValue`) ?? '';
  }
  return attributes;
}
