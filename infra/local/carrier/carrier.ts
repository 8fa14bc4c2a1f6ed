import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { Memory } from '../memory.ts';
import type { AnswerSns } from '../queues/host.ts';
import { deliveryFailure } from './delivery-failure.ts';

/** An SMS that reached its phone. */
export interface Sms {
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly body: string;
  readonly at: string;
}

/** What is the matter with a phone; nothing, for a healthy one. */
export interface PhoneState {
  readonly optedOut?: boolean;
  /** In words, such as `bad number`, `spend limit`, `unreachable`. */
  readonly failing?: string;
}

/** An answer by SMS in AWS's two-way form. */
export interface InboundSms {
  readonly originationNumber: string;
  readonly destinationNumber: string;
  readonly messageKeyword: string;
  readonly messageBody: string;
  readonly inboundMessageId: string;
  readonly previousPublishedMessageId?: string;
}

/** The telephone network, and the part of SNS that speaks to it. */
export class Carrier {
  private readonly memory: Memory;
  private readonly clock: Clock;
  private readonly failed: (record: string) => void;

  /** `failed` is given the record that SNS writes to its delivery log for what did not arrive. */
  constructor(memory: Memory, clock: Clock, failed: (record: string) => void) {
    this.memory = memory;
    this.clock = clock;
    this.failed = failed;
  }

  delivered(to?: string | null): Sms[] {
    const all = this.memory.list<Sms>('sms');
    return to ? all.filter((sms) => sms.to === to) : all;
  }

  /** Nobody has got an SMS yet. */
  forget(): void {
    this.memory.clear('sms');
  }

  phone(number: string): PhoneState {
    return JSON.parse(this.memory.get(`phone.${number}`) ?? '{}');
  }

  setPhone(number: string, state: PhoneState): void {
    this.memory.put(`phone.${number}`, JSON.stringify(state));
  }

  /** What somebody sends from their phone, to the number that last wrote to it. */
  inbound(from: string, body: string): InboundSms {
    const last = this.delivered(from).at(-1);
    return {
      originationNumber: from,
      destinationNumber: last?.from ?? '+12025550100',
      messageKeyword: 'KEYWORD_000000000000',
      messageBody: body,
      inboundMessageId: randomUUID(),
      ...(last && { previousPublishedMessageId: last.id }),
    };
  }

  /** SNS's calls about phones. */
  readonly answer: AnswerSns = (form) => {
    if (form.Action === 'Publish' && form.PhoneNumber !== undefined) return this.publish(form);
    if (form.Action === 'CheckIfPhoneNumberIsOptedOut') {
      const optedOut = this.phone(form.phoneNumber ?? '').optedOut === true;
      return success('CheckIfPhoneNumberIsOptedOut', `<isOptedOut>${optedOut}</isOptedOut>`);
    }
    return null;
  };

  private publish(form: Readonly<Record<string, string>>) {
    const { PhoneNumber: to = '', Message: body = '' } = form;
    if (!/^\+[1-9]\d{6,14}$/.test(to)) {
      return refusal(`Invalid parameter: PhoneNumber Reason: ${to} is not valid to publish to`);
    }
    if (body === '') return refusal('Invalid parameter: Empty message');
    if (body.length > 1600) return refusal('Invalid parameter: Message too long');
    const id = randomUUID();
    const attributes = attributesOf(form);
    const state = this.phone(to);
    if (state.optedOut || state.failing) {
      // Accepted all the same: that it did not arrive, only the delivery log says.
      const smsType = attributes['AWS.SNS.SMS.SMSType'] ?? 'Promotional';
      this.failed(deliveryFailure({ id, to, state, smsType, now: this.clock.now() }));
    } else {
      const from = attributes['AWS.MM.SMS.OriginationNumber'] ?? null;
      const sms: Sms = { id, to, from, body, at: new Date(this.clock.now()).toISOString() };
      this.memory.append('sms', sms);
    }
    return success('Publish', `<MessageId>${id}</MessageId>`);
  }
}

function attributesOf(form: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (let n = 1; ; n++) {
    const name = form[`MessageAttributes.entry.${n}.Name`];
    if (name === undefined) return found;
    found[name] = form[`MessageAttributes.entry.${n}.Value.StringValue`] ?? '';
  }
}

const namespace = 'xmlns="http://sns.amazonaws.com/doc/2010-03-31/"';

const success = (action: string, result: string) => ({
  status: 200,
  xml: `<${action}Response ${namespace}><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`,
});

const refusal = (message: string) => ({
  status: 400,
  xml: `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>InvalidParameter</Code><Message>${message.replace(/[<&]/g, '')}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
});
