import { test } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';

test(
  'hundreds of requests made from the document, good and bad: no 5xx, and every answer is in the document',
  () => fuzz(400),
  300_000,
);
