import type { TicketEvent } from '../event.ts';
import type { WebhookEndpoint } from './webhook.ts';

/** Of the body's form: additions do not change it. */
const apiVersion = '2026-01-01';
/** More than most receivers take: what would be longer is sent thin. */
export const largestBodyBytes = 64 * 1024;

type Told = Pick<TicketEvent, 'id' | 'type' | 'at' | 'seq' | 'text' | 'hash' | 'ticket' | 'data'>;

/** What a webhook, or the list of events, says of an event. `thin`: where to look, not what is there. */
export function bodyOf(event: Told, payload: WebhookEndpoint['payload']) {
  return {
    id: event.id,
    type: event.type,
    timestamp: event.at,
    apiVersion,
    subjectSeq: event.seq,
    text: event.text,
    hash: event.hash,
    data: payload === 'thin' ? thinData(event) : event.data,
  };
}

/** The ticket; of what is about none, the list of events from this one on. */
const thinData = ({ type, at, ticket, data }: Told) =>
  'ticket' in data ? { ticket: { number: ticket } } : { href: `/v1/events?type=${type}&since=${at}` };

/** The exact text that every attempt sends and signs. */
export function bodyTextOf(event: Told, payload: WebhookEndpoint['payload']): string {
  const text = JSON.stringify(bodyOf(event, payload));
  const fits = new TextEncoder().encode(text).length <= largestBodyBytes;
  return fits ? text : JSON.stringify(bodyOf(event, 'thin'));
}
