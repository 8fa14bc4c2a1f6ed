import { onCall, shifts } from '../../shared/domain/schedule/on-call.ts';
import type { Override, Rotation, Schedule } from '../../shared/domain/schedule/types.ts';
import { addSeconds, type Instant } from '../../shared/domain/time.ts';
import { median, report } from './report.ts';

/**
 * Who is on call, for a schedule with 4 rotations, 20 people and 500 overrides, at instants spread over a
 * year; and the shifts of 14 days, which coverage is made from.
 */
const batches = 40;
const batch = 100;
const start: Instant = '2026-11-23T00:00:00.000Z';
const day = 86_400;
const people = Array.from({ length: 20 }, (_, n) => `stf_${String(n).padStart(20, '0')}`);

const night: [string, string][] = [['20:00', '09:00']];
const weekend: [string, string][] = [['00:00', '24:00']];
const rotation = (name: string, every: Rotation['every'], first: number): Rotation => ({
  ...{ name, every, start: '2026-01-05T09:00', members: people.slice(first, first + 5) },
});
const schedule: Schedule = {
  ...{ id: 'primary', name: 'Primary', timezone: 'America/New_York' },
  rotations: [
    rotation('weekly', { weeks: 1 }, 0),
    { ...rotation('nights', { days: 1 }, 5), during: { mon: night, tue: night, wed: night, thu: night } },
    { ...rotation('weekends', { weeks: 1 }, 10), during: { sat: weekend, sun: weekend } },
    rotation('hours', { hours: 12 }, 15),
  ],
  overrides: Array.from({ length: 500 }, (_, n): Override => {
    const from = addSeconds(start, n * 0.75 * day);
    const [staff = '', instead] = [people[n % 20], people[(n * 7 + 3) % 20]];
    return { id: `ovr_${n}`, from, to: addSeconds(from, 2 * day), staff, ...(n % 2 ? { instead } : {}) };
  }),
};

/** Milliseconds of a call by batches, in CPU time of this thread: whatever else runs here does not count. */
function measure(run: (at: Instant) => unknown): number[] {
  return Array.from({ length: batches }, (_, part) => {
    const began = process.threadCpuUsage();
    for (let n = 0; n < batch; n++)
      run(addSeconds(start, ((n * batches + part) / (batches * batch)) * 365 * day));
    const { user, system } = process.threadCpuUsage(began);
    return (user + system) / 1000 / batch;
  });
}

const began = performance.now();
onCall(schedule, start);
const first = performance.now() - began;
const calls = measure((at) => onCall(schedule, at));
const fortnights = measure((at) => shifts(schedule, at, addSeconds(at, 14 * day)));
report([
  { what: 'who is on call, the first time', value: first, unit: 'ms' },
  { what: 'who is on call, p50 of hundreds', value: median(calls), unit: 'ms', most: 2 },
  { what: 'who is on call, slowest hundred', value: Math.max(...calls), unit: 'ms', most: 2 },
  { what: 'the shifts of 14 days, slowest hundred', value: Math.max(...fortnights), unit: 'ms', most: 5 },
]);
