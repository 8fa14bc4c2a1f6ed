import { type Audit, webhookChanged } from '../../domain/audit.ts';
import type { NewEvent } from '../../domain/event.ts';
import { addSeconds, type Instant } from '../../domain/time.ts';
import { endpointsAnOwner } from '../../domain/webhook/endpoint.ts';
import type { EndpointChange } from '../../domain/webhook/health.ts';
import type { WebhookEndpoint } from '../../domain/webhook/webhook.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { Audited } from '../audited.ts';
import { chain } from '../chain.ts';
import { absent, absentOrBelow, type Condition, equals, present } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import * as keys from '../keys.ts';
import { Months } from '../months.ts';
import { type OnBadRow, parseIfAny, parseRow, parseRows } from '../parse.ts';
import { expiresIn, keptDays, listedEvent, outbox, provider, timerPieces } from '../rows.ts';
import { endpointSchema, hookCountSchema, slotsSchema } from '../schemas/webhook.ts';
import type { Table } from '../table.ts';
import { untilNoConflict } from '../until-no-conflict.ts';
import type { Piece } from '../write.ts';
import type { Endpoints, InFlight, Refused, Slot } from './types.ts';

/** So many deliveries of one endpoint are in flight at most, beside those of its line. */
export const slotsAnEndpoint = 10;
/**
 * In so many batches at most: a quarter of what may run at a time (infra/constructs/webhooks.ts), and known from
 * its first hanging answer on, not only when that is over. So a few that turn slow do not hold all that deliver.
 */
export const batchesAnEndpoint = 5;
/** Longer than an attempt takes. */
const slotSeconds = 20;

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
        if (!change) return endpoint;
        const at = clock.now();
        const { changed, pieces } = piecesOf(change, at, random, audit);
        if (change.events.length > 0) await months.note(at);
        await audited(pieces, eventOf(endpoint, changed, audit), audit, audit?.record?.(changed));
        return changed;
      }),

    async take(owner, id, { batch, deliveries }, now) {
      const once = [...new Set(deliveries)];
      const wanted = { batch, deliveries: once };
      const slots = await untilNoConflict(random, async () => {
        const room = { slots: slotsAnEndpoint - once.length, batches: batchesAnEndpoint - 1 };
        const endpoint = await takeIf(owner, id, { wanted, room, dead: nothing }, now);
        return endpoint ? once.map((): Slot => ({ taken: endpoint })) : takeWhatFits(owner, id, wanted, now);
      });
      const by = new Map(once.map((delivery, index) => [delivery, slots[index]]));
      // Of one that is named twice the first has it.
      return deliveries.map((delivery) => {
        const slot = by.get(delivery);
        by.delete(delivery);
        return slot ?? { refused: 'busy' };
      });
    },

    async giveBack({ partner, id }, { batch, deliveries }, slow) {
      const change = {
        set: [[['slow'], slow]] as const,
        remove: [
          ...deliveries.map((delivery) => ['slots', delivery] as const),
          ...(batch === null ? [] : [['batches', batch] as const]),
        ],
      };
      await untilNoConflict(random, () =>
        table.update(keys.hookKey(partner, id), change, [present('exists')]),
      );
    },

    async setSlow({ partner, id }, slow) {
      const change = { set: [[['slow'], slow]] as const };
      await untilNoConflict(random, () =>
        table.update(keys.hookKey(partner, id), change, [present('exists')]),
      );
    },
  };

  async function list(owner: string | null): Promise<WebhookEndpoint[]> {
    const { pk, sk } = keys.hookKey(owner, '');
    const rows = await table.all({ from: 'table', pk, range: { between: [sk, `${sk}~`] } });
    return parseRows(endpointSchema(), rows, onBadRow);
  }

  /** The row says why they could not be taken all: what died in flight is let go, and who finds room gets it. */
  async function takeWhatFits(
    owner: string | null,
    id: string,
    { batch, deliveries }: InFlight,
    now: Instant,
  ): Promise<Slot[]> {
    const row = await table.get(keys.hookKey(owner, id));
    const refuse = (refused: Refused) => deliveries.map(() => ({ refused }));
    if (!row) return refuse('gone');
    const endpoint = parseRow(endpointSchema(), row);
    if (endpoint.status === 'disabled') return refuse('disabled');
    if (endpoint.slow) return refuse('slow');

    const { slots, batches } = parseRow(slotsSchema(), row);
    const isLive = (until: string | undefined) => until !== undefined && until > now;
    const live = (places: Record<string, Instant>) =>
      Object.keys(places).filter((key) => isLive(places[key]));
    const inFlight = live(slots);
    const others = live(batches).filter((key) => key !== batch);
    const fit = others.length < batchesAnEndpoint ? slotsAnEndpoint - inFlight.length : 0;
    const wanted = deliveries.filter((delivery) => !isLive(slots[delivery])).slice(0, Math.max(0, fit));
    // Its own place that died is taken anew.
    const deadIn = (places: Record<string, Instant>, anew: readonly string[]) =>
      Object.entries(places).filter(([key, until]) => !isLive(until) && !anew.includes(key));
    const dead = { slots: deadIn(slots, wanted), batches: deadIn(batches, [batch]) };
    const more = wanted.filter((delivery) => slots[delivery] === undefined).length;
    const room = {
      slots: slotsAnEndpoint - more + dead.slots.length,
      batches: batchesAnEndpoint - (batches[batch] === undefined ? 1 : 0) + dead.batches.length,
    };
    const taken =
      wanted.length > 0
        ? await takeIf(owner, id, { wanted: { batch, deliveries: wanted }, room, dead }, now)
        : endpoint;
    if (!taken) throw new Conflict(['endpoint.slots']);
    return deliveries.map((delivery) => {
      if (wanted.includes(delivery)) return { taken };
      return { refused: isLive(slots[delivery]) ? 'busy' : 'full' };
    });
  }

  /** All of them in one write, or null: `room` is how many there may be before, with the `dead` that go. */
  async function takeIf(
    owner: string | null,
    id: string,
    { wanted, room, dead }: { wanted: InFlight; room: Record<Places, number>; dead: Record<Places, Dead> },
    now: Instant,
  ): Promise<WebhookEndpoint | null> {
    const until = addSeconds(now, slotSeconds);
    const gone = (['slots', 'batches'] as const).flatMap((places) =>
      dead[places].map(([key, lost]) => ({ path: [places, key] as const, lost })),
    );
    const change = {
      set: [
        ...wanted.deliveries.map((delivery) => [['slots', delivery], until] as const),
        [['batches', wanted.batch], until] as const,
      ],
      remove: gone.map(({ path }) => path),
    };
    const row = await table.update(keys.hookKey(owner, id), change, [
      equals('enabled', ['status'], 'enabled'),
      equals('quick', ['slow'], false),
      atMost('slots', room.slots),
      atMost('batches', room.batches),
      ...wanted.deliveries.map((delivery) => isFree(delivery, now)),
      ...gone.map(({ path, lost }) => equals('dead', [...path], lost)),
    ]);
    return row && parseRow(endpointSchema(), row);
  }
}

type Places = 'slots' | 'batches';
/** Places that were never given back, each until when it was held. */
type Dead = readonly (readonly [string, Instant])[];
const nothing: Record<Places, Dead> = { slots: [], batches: [] };

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
 * The endpoint's settings and state, never its places in flight: those move without its version. Its events are by
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

/** So many are in flight at most. */
const atMost = (places: Places, most: number): Condition => ({
  name: 'room',
  expression: (bind) => `size(${bind.path(places)}) <= ${bind.value(most)}`,
  holds: (old) => Object.keys((old?.[places] ?? {}) as object).length <= most,
});

const isFree = (delivery: string, now: Instant): Condition => ({
  name: 'free',
  expression: (bind) => {
    const path = bind.path('slots', delivery);
    return `(attribute_not_exists(${path}) OR ${path} <= ${bind.value(now)})`;
  },
  holds: (old) => {
    const until = (old?.slots as Record<string, string> | undefined)?.[delivery];
    return until === undefined || until <= now;
  },
});
