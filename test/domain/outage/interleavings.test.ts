import { describe, it } from 'vitest';
import { keepInStep, starts } from './histories.ts';

describe('any interleaving of many partners, with news of leads early, late and twice', () => {
  it.each(starts)(
    '%s keeps one lead an outage, someone paged for all, and each promise its own',
    (_name, start) => keepInStep(start, 30),
  );
});
