import type { Memory } from './memory.ts';
import type { LocalQueue } from './queues/queue.ts';

/** An e-mail that reached its mailbox. */
export interface Mail {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** The message as it was sent, RFC 5322. */
  readonly raw: string;
  readonly at: string;
}

/** SNS's envelope. */
interface Notification {
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
  readonly Timestamp: string;
}

const from = 'no-reply@sns.amazonaws.com';

/** The mailboxes of this machine. What SNS sends to an e-mail subscriber arrives here. */
export class Mailboxes {
  private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  delivered(to?: string | null): Mail[] {
    const all = this.memory.list<Mail>('mail');
    return to ? all.filter((mail) => mail.to === to) : all;
  }

  /** Takes what is published for this address from the queue that stands for its subscription. */
  subscribe(to: string, queue: LocalQueue): void {
    const deliver = () => {
      for (const { receipt, message } of queue.take(10)) {
        this.deliver(to, JSON.parse(message.body));
        queue.delete(receipt);
      }
    };
    queue.onArrival(deliver);
    deliver();
  }

  private deliver(
    to: string,
    { MessageId: id, TopicArn, Subject, Message: text, Timestamp: at }: Notification,
  ): void {
    const subject = Subject ?? 'AWS Notification Message';
    const lines = [
      `From: AWS Notifications <${from}>`,
      `To: ${to}`,
      `Subject: ${subject}`,
      `Date: ${new Date(at).toUTCString()}`,
      `Message-ID: <${id}@sns.local>`,
      `X-Amz-Topic: ${TopicArn}`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=UTF-8',
      'Content-Transfer-Encoding: 8bit',
      '',
      text.replaceAll(/\r?\n/g, '\r\n'),
    ];
    this.memory.append('mail', { id, from, to, subject, text, raw: lines.join('\r\n'), at } satisfies Mail);
  }
}
