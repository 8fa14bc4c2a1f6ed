import fc from 'fast-check';
import { type Incident, openIncident } from '../../../shared/domain/incident/incident.ts';
import { mondayMorning } from '../escalation/world.ts';

/** What may happen to many partners' escalations on two services, in any order. */
export type Move =
  | { do: 'escalate'; service: string; blocked: boolean }
  | { do: 'press' | 'reword' | 'renumber' | 'notContacted' | 'cancel' | 'close' | 'split'; n: number }
  | { do: 'take' | 'pass' | 'resolve' | 'comment'; n: number; who: string }
  | { do: 'carrier'; who: string }
  | { do: 'staffed' }
  | { do: 'move'; n: number; service: string }
  | { do: 'link' | 'unlink'; n: number; incident: Incident }
  | { do: 'deliver' | 'deliverTwice' }
  | { do: 'wait'; seconds: number };

const some = fc.nat(12);
export const incidents = ['INC-0000-0000', 'INC-1111-1111'].map(
  (number) =>
    openIncident(
      {
        number,
        title: 'Mail is delayed',
        service: null,
        since: null,
        text: null,
        by: { kind: 'staff', id: 'mo', name: 'Mo' },
      },
      mondayMorning,
    ).incident,
);
export const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('escalate' as const),
      service: fc.constantFrom('mail', 'mail', 'mail', 'web'),
      blocked: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(['press', 'reword', 'renumber', 'renumber', 'notContacted'] as const),
        ...(['cancel', 'cancel', 'close', 'split', 'split'] as const),
      ),
      n: some,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('take', 'take', 'pass', 'resolve', 'comment'),
      n: some,
      who: fc.constantFrom('dana', 'eli', 'mo'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('deliver', 'deliverTwice') }) },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({ do: fc.constant('carrier'), who: fc.constantFrom('dana', 'eli', 'mo') }),
      fc.record({ do: fc.constant('staffed') }),
      fc.record({ do: fc.constant('move'), n: some, service: fc.constantFrom('mail', 'web') }),
      fc.record({ do: fc.constant('wait'), seconds: fc.integer({ min: 1500, max: 20_000 }) }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('link', 'link', 'unlink'),
      n: some,
      incident: fc.constantFrom(...incidents),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 1500 }) }),
  },
) as fc.Arbitrary<Move>;
