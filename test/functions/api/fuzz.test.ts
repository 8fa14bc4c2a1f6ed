import { test } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';

test(
  'a thousand requests made from the document, good and bad: no 5xx, and every answer is in the document',
  () => fuzz(1_000),
  300_000,
);
