import fc from 'fast-check';
import { it } from 'vitest';
import { playNight, steps } from '../fakes/carrier-night.ts';

it('whatever is late, lost, doubled or in conflict, the night ends as it must', {
  timeout: 240_000,
}, async () => {
  await fc.assert(fc.asyncProperty(steps, playNight), {
    numRuns: 2,
    endOnFailure: true,
    interruptAfterTimeLimit: 60_000,
  });
});
