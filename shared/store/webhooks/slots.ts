import { addSeconds, type Instant } from '../../domain/time.ts';
import type { WebhookEndpoint } from '../../domain/webhook/webhook.ts';
import type { Random } from '../../runtime/random.ts';
import { type Condition, equals, present } from '../conditions.ts';
import { Conflict } from '../conflict.ts';
import * as keys from '../keys.ts';
import { parseRow } from '../parse.ts';
import { endpointSchema, slotsSchema } from '../schemas/webhook.ts';
import type { Table } from '../table.ts';
import { untilNoConflict } from '../until-no-conflict.ts';
import type { InFlight, Refused, Slot, Slots } from './types.ts';

/** So many deliveries of one endpoint are in flight at most, beside those of its line. */
export const slotsAnEndpoint = 10;
/**
 * In so many batches at most: a quarter of what may run at a time (infra/constructs/webhooks.ts), and known from
 * its first hanging answer on, not only when that is over. So a few that turn slow do not hold all that deliver.
 */
export const batchesAnEndpoint = 5;
/** Longer than an attempt takes. */
const slotSeconds = 20;

/** Slots for the deliveries in flight of an endpoint: in its row, beside its version. */
export function slotStore(table: Table, random: Random): Slots {
  return {
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
    const live = (held: Record<string, Instant>) => Object.keys(held).filter((key) => isLive(held[key]));
    const inFlight = live(slots);
    const others = live(batches).filter((key) => key !== batch);
    const fit = others.length < batchesAnEndpoint ? slotsAnEndpoint - inFlight.length : 0;
    const wanted = deliveries.filter((delivery) => !isLive(slots[delivery])).slice(0, Math.max(0, fit));
    // Its own slot that died is taken anew.
    const deadIn = (held: Record<string, Instant>, anew: readonly string[]) =>
      Object.entries(held).filter(([key, until]) => !isLive(until) && !anew.includes(key));
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
    { wanted, room, dead }: { wanted: InFlight; room: Record<Kind, number>; dead: Record<Kind, Dead> },
    now: Instant,
  ): Promise<WebhookEndpoint | null> {
    const until = addSeconds(now, slotSeconds);
    const gone = (['slots', 'batches'] as const).flatMap((kind) =>
      dead[kind].map(([key, lost]) => ({ path: [kind, key] as const, lost })),
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

type Kind = 'slots' | 'batches';
/** What was never given back, each until when it was held. */
type Dead = readonly (readonly [string, Instant])[];
const nothing: Record<Kind, Dead> = { slots: [], batches: [] };

/** So many are in flight at most. */
const atMost = (kind: Kind, most: number): Condition => ({
  name: 'room',
  expression: (bind) => `size(${bind.path(kind)}) <= ${bind.value(most)}`,
  holds: (old) => Object.keys((old?.[kind] ?? {}) as object).length <= most,
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
