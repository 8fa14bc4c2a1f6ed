import fc from 'fast-check';
import { expect } from 'vitest';
import { found } from './found.ts';
import { histories } from './histories.ts';
import { play } from './real.ts';
import { story } from './story.ts';

/** Both tellings of so many random histories are the same; a counterexample is shrunk to its shortest. */
export function agree(numRuns: number): void {
  fc.assert(
    fc.property(histories, ({ desk, inputs, end }) => {
      expect(play(desk, inputs, end)).toEqual(story(desk, inputs, end));
    }),
    { numRuns, examples: found.map((history) => [history]) },
  );
}
