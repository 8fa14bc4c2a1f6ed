import * as z from 'zod';
import { eventTypes } from '../contract/words.ts';
import type { Page } from '../domain/escalation/escalation.ts';
import type { TicketEvent } from '../domain/event.ts';
import { type Timer, timerKinds } from '../domain/timer.ts';

/**
 * What travels over the topic DeskEvents and the timer queue. A message says where to look; a consumer reads
 * the state. Only an event travels whole, without its salt.
 */
export type DeskMessage = PageMessage | EventMessage | DeliveryMessage;

export interface PageMessage {
  kind: 'page';
  id: string;
  home: Page['home'];
}
export interface EventMessage {
  kind: 'event';
  event: PublishedEvent;
}
export interface DeliveryMessage {
  kind: 'delivery';
  id: string;
}

export type PublishedEvent = Omit<TicketEvent, 'salt'>;

/** Builds a schema when it is first needed, not when the function starts. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const instant = once(() => z.iso.datetime());

/** The fields of a row of the event log that are published. */
const event = once(
  () =>
    z.object({
      id: z.string(),
      ticket: z.string(),
      partner: z.string(),
      seq: z.number(),
      at: instant(),
      type: z.enum(eventTypes),
      actor: z.object({ kind: z.enum(['partner', 'staff', 'system']), id: z.string(), name: z.string() }),
      internal: z.boolean(),
      data: z.record(z.string(), z.unknown()),
      dataHash: z.string(),
      prevHash: z.string(),
      hash: z.string(),
      text: z.string(),
    }) satisfies z.ZodType<PublishedEvent>,
);

const pageHome = once(() =>
  z.object({ partner: z.string(), ticket: z.string(), escalation: z.string() }).nullable(),
);

const timer = once(
  () =>
    z.object({
      home: z.union([
        z.object({ partner: z.string(), ticket: z.string() }),
        z.object({ delivery: z.string() }),
      ]),
      subject: z.string(),
      kind: z.enum(timerKinds),
      dueAt: instant(),
      generation: z.number(),
    }) satisfies z.ZodType<Timer>,
);

export const pageMessage = once(
  () =>
    z.object({
      kind: z.literal('page'),
      id: z.string(),
      home: pageHome(),
    }) satisfies z.ZodType<PageMessage>,
);

export const webhookMessage = once(
  () =>
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('event'), event: event() }),
      z.object({ kind: z.literal('delivery'), id: z.string() }),
    ]) satisfies z.ZodType<EventMessage | DeliveryMessage>,
);

export const timerMessage = timer;

/** A row of the table that the store marked as work for the outbox. */
export const outboxRow = once(() =>
  z.discriminatedUnion('outbox', [
    z.object({ outbox: z.literal('page'), id: z.string(), home: pageHome() }),
    z.object({ outbox: z.literal('delivery'), id: z.string() }),
    event().extend({ outbox: z.literal('event') }),
    timer().extend({ outbox: z.literal('timer') }),
  ]),
);
