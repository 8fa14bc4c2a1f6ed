import { type Audit, webhookChanged } from '../../domain/audit.ts';
import type { NewEvent } from '../../domain/event.ts';
import type { Instant } from '../../domain/time.ts';
import { endpointsAnOwner } from '../../domain/webhook/endpoint.ts';
import type { EndpointChange } from '../../domain/webhook/health.ts';
import type { WebhookEndpoint } from '../../domain/webhook/webhook.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { Audited } from '../audited.ts';
import { chain } from '../chain.ts';
import { absent, absentOrBelow, equals, present } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import * as keys from '../keys.ts';
import { Months } from '../months.ts';
import { type OnBadRow, parseIfAny, parseRows } from '../parse.ts';
import { expiresIn, keptDays, listedEvent, outbox, provider, timerPieces } from '../rows.ts';
import { endpointSchema, hookCountSchema } from '../schemas/webhook.ts';
import type { Table } from '../table.ts';
import { untilNoConflict } from '../until-no-conflict.ts';
import type { Piece } from '../write.ts';
import type { Endpoints } from './types.ts';

export function endpointStore(
  table: Table,
  random: Random,
  clock: Clock,
  audited: Audited,
  onBadRow: OnBadRow,
): Endpoints {
  const months = new Months(table);
  const read = async (owner: string | null, id: string): Promise<WebhookEndpoint | null> =>
    parseIfAny(endpointSchema(), await table.get(keys.hookKey(owner, id)));

  return {
    create: (endpoint, audit) =>
      untilNoConflict(random, async () => {
        const put = { ...endpoint, slots: {}, batches: {}, ...keys.hookKey(endpoint.partner, endpoint.id) };
        const room = absentOrBelow('room', 'endpoints', endpointsAnOwner);
        try {
          const pieces: Piece[] = [
            { what: 'endpoint', put, if: [absent('new')] },
            { ...countPiece(endpoint.partner, 1), if: [room] },
          ];
          await audited(pieces, eventOf(null, endpoint, audit), audit, audit?.record?.(endpoint));
          return true;
        } catch (error) {
          if (error instanceof Conflict && error.failed.includes('owner.room')) return false;
          throw error;
        }
      }),
    read,
    list,

    async listening(partner) {
      const owners = partner === null ? [null] : [partner, null];
      const counts = parseRows(
        hookCountSchema(),
        await table.batchGet(owners.map(keys.hookCountKey)),
        onBadRow,
      );
      const some = counts.filter(({ endpoints }) => endpoints > 0);
      return (await Promise.all(some.map(({ owner }) => list(owner)))).flat();
    },

    async remove(owner, id, audit) {
      const endpoint = await read(owner, id);
      if (!endpoint) return false;
      const pieces: Piece[] = [
        { what: 'endpoint', delete: keys.hookKey(owner, id), if: [present('exists')] },
        countPiece(owner, -1),
      ];
      try {
        await audited(pieces, eventOf(endpoint, null, audit), audit);
        return true;
      } catch (error) {
        if (error instanceof Conflict && error.failed.includes('endpoint.exists')) return false;
        throw error;
      }
    },

    change: (owner, id, decide, audit) =>
      untilNoConflict(random, async () => {
        const endpoint = await read(owner, id);
        const change = endpoint && decide(endpoint);
        if (!change) {
          const record = endpoint && audit?.record?.(endpoint);
          if (record) await audited([], null, audit, record);
          return endpoint;
        }
        const at = clock.now();
        const { changed, pieces } = piecesOf(change, at, random, audit);
        if (change.events.length > 0) await months.note(at);
        await audited(pieces, eventOf(endpoint, changed, audit), audit, audit?.record?.(changed));
        return changed;
      }),
  };

  async function list(owner: string | null): Promise<WebhookEndpoint[]> {
    const { pk, sk } = keys.hookKey(owner, '');
    const rows = await table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
    return parseRows(endpointSchema(), rows, onBadRow);
  }
}

const eventOf = (
  before: WebhookEndpoint | null,
  after: WebhookEndpoint | null,
  audit: Audit | undefined,
): NewEvent | null => (audit ? webhookChanged(before, after, audit.by) : null);

const countPiece = (owner: string | null, more: 1 | -1): Piece => ({
  what: 'owner',
  key: keys.hookCountKey(owner),
  set: { owner },
  add: { endpoints: more },
});

/**
 * The endpoint's settings and state, never its slots in flight: those move without its version. Its events are by
 * whoever is audited, with the key that it was done with.
 */
function piecesOf(
  { endpoint, events, timers }: EndpointChange,
  at: Instant,
  random: Random,
  audit: Audit | undefined,
): { changed: WebhookEndpoint; pieces: Piece[] } {
  const { id, partner } = endpoint;
  const subject = { number: id, partner: partner ?? provider };
  const by = audit && { actor: audit.by };
  const news = events.map((event) => ({ ...event, ...by, internal: partner === null }));
  const { events: chained, head } = chain(news, subject, endpoint, at, random);
  const changed = { ...endpoint, ...head, version: endpoint.version + 1 };
  return {
    changed,
    pieces: [
      {
        what: 'endpoint',
        key: keys.hookKey(partner, id),
        set: { ...changed },
        if: [equals('version', ['version'], endpoint.version)],
      },
      ...chained.map((event) => ({
        what: 'event',
        put: {
          ...expiresIn(keptDays, at),
          ...event,
          ...(audit?.key && { key: audit.key }),
          ...keys.endpointEventKey(id, event.seq),
          ...listedEvent(event),
          ...outbox('event'),
        },
        if: [absent('new')],
      })),
      ...timerPieces(timers),
    ],
  };
}
