import * as z from 'zod';
import { lazy } from '../contract/lazy.ts';
import type { Page } from '../domain/escalation/escalation.ts';
import type { TicketEvent } from '../domain/event.ts';
import type { Timer } from '../domain/timer.ts';
import { eventSchema } from '../store/schemas/event.ts';
import { timerSchema } from '../store/schemas/timer.ts';

/**
 * What travels over the topic DeskEvents and the timer queue. A message says where to look; a consumer reads
 * the state. Only an event travels whole, without its salt.
 */
export type DeskMessage = PageMessage | EventMessage | DeliveryMessage | LineMessage;

export interface PageMessage {
  kind: 'page';
  id: string;
  home: Page['home'];
  /** Of its phone's number; a page to no phone, or to no ticket, has none. */
  phoneHash?: string;
}
export interface EventMessage {
  kind: 'event';
  event: PublishedEvent;
}
/** One follower of an outage, to be brought in step with its lead. */
export interface FollowMessage {
  kind: 'follow';
  partner: string;
  ticket: string;
  escalation: string;
}
/** A ticket of an incident, to be told how that stands. */
export interface InformMessage {
  kind: 'inform';
  partner: string;
  ticket: string;
  incident: string;
}
export interface DeliveryMessage {
  kind: 'delivery';
  id: string;
}

/**
 * A turn of an endpoint's line, a page of a recovery, a test that somebody waits for; a delivery comes from the
 * dead letters, when they are handed in again.
 */
export type LineMessage =
  | { kind: 'line'; endpoint: string; turn: number }
  | { kind: 'recovery'; id: string; turn: number }
  | { kind: 'test'; id: string }
  | DeliveryMessage;

export type PublishedEvent = Omit<TicketEvent, 'salt'>;

const instant = lazy(() => z.iso.datetime());

/** As the store has it, without its salt. */
export const eventFields = lazy(() => eventSchema().omit({ salt: true }).extend({ at: instant() }));

export const pageFields = lazy(() =>
  z.object({
    id: z.string(),
    home: z.object({ partner: z.string(), ticket: z.string(), escalation: z.string() }).nullable(),
    phoneHash: z.string().exactOptional(),
  }),
);

export const timerFields = lazy(() => timerSchema().extend({ dueAt: instant() }));

export const pageMessage = lazy(
  (): z.ZodType<PageMessage> => pageFields().extend({ kind: z.literal('page') }),
);

export const eventMessage = lazy(
  (): z.ZodType<EventMessage> => z.object({ kind: z.literal('event'), event: eventFields() }),
);

export const deliveryMessage = lazy(
  (): z.ZodType<DeliveryMessage> => z.object({ kind: z.literal('delivery'), id: z.string() }),
);

export const lineMessage = lazy(
  (): z.ZodType<LineMessage> =>
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('line'), endpoint: z.string(), turn: z.number() }),
      z.object({ kind: z.literal('recovery'), id: z.string(), turn: z.number() }),
      z.object({ kind: z.enum(['test', 'delivery']), id: z.string() }),
    ]),
);

export const followMessage = lazy(
  (): z.ZodType<EventMessage | FollowMessage | InformMessage> =>
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('event'), event: eventFields() }),
      z.object({
        kind: z.literal('follow'),
        partner: z.string(),
        ticket: z.string(),
        escalation: z.string(),
      }),
      z.object({
        kind: z.literal('inform'),
        partner: z.string(),
        ticket: z.string(),
        incident: z.string(),
      }),
    ]),
);

export const timerMessage = lazy((): z.ZodType<Timer> => timerFields());
