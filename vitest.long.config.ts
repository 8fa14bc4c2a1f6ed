import { defineConfig } from 'vitest/config';
import { shared } from './vitest.config.ts';

/** What takes longer than `npm test` may: run by CI, and by hand before a release. */
export default defineConfig({
  test: {
    ...shared,
    // Each of them fills both cores alone: two at a time would make messages late that are not late.
    fileParallelism: false,
    include: ['test/**/*.long.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
