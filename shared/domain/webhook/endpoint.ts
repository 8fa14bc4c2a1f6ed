import type { TicketEvent } from '../event.ts';
import { addSeconds, type Instant } from '../time.ts';
import type { WebhookEndpoint } from './webhook.ts';

/** Each event is written once for each of them that wants it. */
export const endpointsAnOwner = 20;
/** Two beside the newest: whoever rotates faster than receivers follow loses the oldest. */
const formerSecretsKept = 2;

/**
 * Whether an endpoint wants an event: its types say so, it is not its own doing, and a partner's endpoint sees only its
 * own and what is everybody's (of no partner), and nothing internal.
 */
export function wants(
  endpoint: Pick<WebhookEndpoint, 'partner' | 'eventTypes' | 'ignoredKey'>,
  event: Pick<TicketEvent, 'type' | 'partner' | 'internal' | 'key'>,
): boolean {
  const its = !event.internal && (event.partner === null || event.partner === endpoint.partner);
  if (endpoint.partner !== null && !its) return false;
  // The desk has what happens to an incident once, and not once more for each of its tickets.
  if (endpoint.partner === null && event.partner !== null && event.type.startsWith('incident.')) return false;
  if (endpoint.ignoredKey !== null && endpoint.ignoredKey === event.key) return false;
  return endpoint.eventTypes.some((pattern) => matches(pattern, event.type));
}

/** `*`, a family such as `escalation.*`, or a whole type. */
function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

type Settings = Pick<WebhookEndpoint, 'url' | 'eventTypes' | 'description' | 'payload'>;

/** A new one. `head`: what its own chain of events begins with. */
export function newEndpoint(
  settings: Settings,
  made: Pick<WebhookEndpoint, 'id' | 'partner' | 'ignoredKey' | 'secret' | 'head' | 'createdAt'>,
): WebhookEndpoint {
  return {
    ...settings,
    ...made,
    ...{ formerSecrets: [], status: 'enabled', disabledBecause: null, failingSince: null, warnedAt: null },
    ...{ slow: true, seq: 0, version: 1 },
  };
}

/** With other settings. Of another address nothing is known yet, as of a new one: it stands in line until it has answered quickly. */
export function withSettings(
  endpoint: WebhookEndpoint,
  settings: Partial<Settings & Pick<WebhookEndpoint, 'ignoredKey'>>,
): WebhookEndpoint {
  const moved = settings.url !== undefined && settings.url !== endpoint.url;
  return { ...endpoint, ...settings, slow: endpoint.slow || moved };
}

/** A new secret; the one before signs along for a while, so that receivers can change over. */
export function rotated(
  endpoint: WebhookEndpoint,
  secret: string,
  { now, overlapSeconds }: { now: Instant; overlapSeconds: number },
): WebhookEndpoint {
  const former = { secret: endpoint.secret, until: addSeconds(now, overlapSeconds) };
  return {
    ...endpoint,
    secret,
    formerSecrets: [former, ...endpoint.formerSecrets]
      .filter(({ until }) => until > now)
      .slice(0, formerSecretsKept),
  };
}

/** What signs now, the newest first. */
export function secretsOf(
  { secret, formerSecrets }: Pick<WebhookEndpoint, 'secret' | 'formerSecrets'>,
  now: Instant,
): string[] {
  return [secret, ...formerSecrets.filter(({ until }) => until > now).map((former) => former.secret)];
}
