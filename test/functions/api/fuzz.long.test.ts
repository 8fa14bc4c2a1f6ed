import { test } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';

test('twenty thousand requests made from the document, a thousand to a desk: no 5xx, and every answer is in it', async () => {
  for (let desk = 0; desk < 20; desk++) await fuzz(1_000);
});
