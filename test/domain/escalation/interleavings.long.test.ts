import { describe, it } from 'vitest';
import { keepInvariants, starts } from './interleavings.ts';

describe('thousands of interleavings of presses, results, timers, replies, duplicates, lost and late messages', () => {
  it.each(starts)('%s keeps every invariant, and ends with a person or a broken promise', (_name, start) =>
    keepInvariants(start, 3000),
  );
});
