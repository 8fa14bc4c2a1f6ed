import fc from 'fast-check';
import { it } from 'vitest';
import { playNight, steps } from '../fakes/carrier-night.ts';

it('whatever is late, lost, doubled or in conflict, many nights end as they must', {
  timeout: 1_800_000,
}, async () => {
  await fc.assert(fc.asyncProperty(steps, playNight), { numRuns: 25, endOnFailure: true });
});
