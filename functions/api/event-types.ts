import { catalogue } from '../../shared/contract/events/catalogue.ts';
import { exampleData } from '../../shared/contract/events/example.ts';
import { jsonSchemaOf } from '../../shared/contract/events/json-schema.ts';
import { announcedEventTypes, type EventType, eventTypes } from '../../shared/contract/words.ts';
import { system } from '../../shared/domain/event.ts';
import { eventText } from '../../shared/domain/event-text.ts';
import type { Instant } from '../../shared/domain/time.ts';
import { bodyOf } from '../../shared/domain/webhook/body.ts';
import { Refusal } from '../../shared/runtime/http.ts';
import { sha256 } from '../../shared/runtime/random.ts';

/** What is said of events as such. Loaded when it is asked for (see its routes), so that no cold start pays for it. */

export const summaries = () => eventTypes.map((type) => ({ type, summary: catalogue[type].summary }));

/** @throws Refusal `not_found` that says so of a type that is announced; null of what is no type. */
export function wholeType(named: string) {
  if (announcedEventTypes.some((type) => type === named))
    throw new Refusal(
      'not_found',
      `${named} is announced: endpoints may ask for it, and this version does not send it yet.`,
    );
  const type = eventTypes.find((one) => one === named);
  if (!type) return null;
  const { summary } = catalogue[type];
  const description = `${summary} Sent to endpoints that ask for *, ${type.split('.')[0]}.* or ${type}.`;
  const example = exampleEvent(type, { id: 'evt_6PC7PS91_1', at: '2026-01-05T14:00:00.000Z' });
  return { type, summary, description, schema: jsonSchemaOf(type), example: bodyOf(example, 'full') };
}

/** An event as it may look, for documentation and tests of endpoints. */
export function exampleEvent(type: EventType, { id, at }: { id: string; at: Instant }) {
  const data = exampleData(type);
  const subject = 'webhook' in data ? 'whe_2b7r0c9d4k1m5n8p3q6s' : 'ticket' in data ? 'ND-6PC7-PS91' : null;
  const text = eventText({ type, actor: system, data }, subject);
  return { id, type, at, seq: 1, text, hash: sha256(text), ticket: subject, data };
}
