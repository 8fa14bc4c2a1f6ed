import { randomUUID } from 'node:crypto';

/** How many messages a function is given at once. */
const batchSize = 10;

export interface Message {
  id: string;
  body: string;
  tries: number;
}

/** Messages that can be taken, and those that cannot be yet, by when they can. */
export class Queue {
  readonly visible: Message[] = [];
  private hidden: { until: number; message: Message }[] = [];

  send(body: string, until: number): void {
    this.hidden.push({ until, message: { id: randomUUID(), body, tries: 0 } });
  }

  hide(message: Message, until: number): void {
    this.hidden.push({ until, message });
  }

  take(now: number): Message[] {
    if (this.hidden.some(({ until }) => until <= now)) {
      this.visible.push(...this.hidden.filter(({ until }) => until <= now).map(({ message }) => message));
      this.hidden = this.hidden.filter(({ until }) => until > now);
    }
    return this.visible.splice(0, batchSize);
  }

  get nextAt(): number {
    return Math.min(...this.hidden.map(({ until }) => until));
  }
}
