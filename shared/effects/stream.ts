import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type * as z from 'zod';
import type { Timer } from '../domain/timer.ts';
import { type DeskMessage, outboxRow } from './messages.ts';

/** What one stream record asks of the outbox. */
export type OutboxWork = { publish: DeskMessage } | { start: Timer };

/**
 * The work in the new image of a row that is marked with `outbox`.
 * @throws for an image that is none: of another shape, or of a kind that this version does not know
 */
export function workOf(newImage: unknown): OutboxWork {
  const row = outboxRow().parse(unmarshall(newImage as Record<string, AttributeValue>));
  return works(row);
}

function works(row: z.infer<ReturnType<typeof outboxRow>>): OutboxWork {
  switch (row.outbox) {
    case 'page':
      return { publish: { kind: 'page', id: row.id, home: row.home } };
    case 'delivery':
      return { publish: { kind: 'delivery', id: row.id } };
    case 'event': {
      const { outbox: _, ...event } = row;
      return { publish: { kind: 'event', event } };
    }
    case 'timer': {
      const { outbox: _, ...timer } = row;
      return { start: timer };
    }
  }
}
