import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { lazy } from '../contract/lazy.ts';
import type { Timer } from '../domain/timer.ts';
import { type DeskMessage, eventFields, pageFields, timerFields } from './messages.ts';

/** What one stream record asks of the outbox. */
export type OutboxWork = { publish: DeskMessage } | { start: Timer };

/** A row that the store marked with `outbox`, by what a message about it needs. */
const row = lazy(() =>
  z.discriminatedUnion('outbox', [
    pageFields().extend({ outbox: z.literal('page') }),
    z.object({ outbox: z.literal('delivery'), id: z.string() }),
    z.object({ outbox: z.literal('test'), id: z.string() }),
    z.object({ outbox: z.literal('recovery'), id: z.string(), turn: z.number() }),
    z.object({ outbox: z.literal('line'), endpoint: z.string(), turn: z.number() }),
    eventFields().extend({ outbox: z.literal('event') }),
    timerFields().extend({ outbox: z.literal('timer') }),
  ]),
);

/**
 * The work in the new image of a row.
 * @throws for an image that is none: of another shape, or of a kind that this version does not know
 */
export function workOf(newImage: unknown): OutboxWork {
  const work = row().parse(unmarshall(newImage as Record<string, AttributeValue>));
  switch (work.outbox) {
    case 'page': {
      const { outbox: _, ...page } = work;
      return { publish: { kind: 'page', ...page } };
    }
    case 'delivery':
    case 'test':
      return { publish: { kind: work.outbox, id: work.id } };
    case 'recovery':
      return { publish: { kind: 'recovery', id: work.id, turn: work.turn } };
    case 'line':
      return { publish: { kind: 'line', endpoint: work.endpoint, turn: work.turn } };
    case 'event': {
      const { outbox: _, ...event } = work;
      return { publish: { kind: 'event', event } };
    }
    case 'timer': {
      const { outbox: _, ...timer } = work;
      return { start: timer };
    }
  }
}
