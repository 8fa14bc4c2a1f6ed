import type { Clock } from '../../runtime/clock.ts';
import type { Random } from '../../runtime/random.ts';
import type { Audited } from '../audited.ts';
import type { OnBadRow } from '../parse.ts';
import type { Table } from '../table.ts';
import { deliveryStore } from './deliveries.ts';
import { endpointStore } from './endpoints.ts';
import { lineStore } from './line.ts';
import { recoveryStore } from './recoveries.ts';
import { slotStore } from './slots.ts';
import type { Webhooks } from './types.ts';

export function webhookStore(
  table: Table,
  random: Random,
  clock: Clock,
  audited: Audited,
  onBadRow: OnBadRow,
): Webhooks {
  const lines = lineStore(table, random);
  return {
    ...endpointStore(table, random, clock, audited, onBadRow),
    ...slotStore(table, random),
    ...deliveryStore(table, lines, clock, onBadRow),
    ...lines,
    ...recoveryStore(table),
  };
}
