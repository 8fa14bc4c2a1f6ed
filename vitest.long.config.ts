import { defineConfig } from 'vitest/config';

/** What takes longer than `npm test` may: run by CI, and by hand before a release. */
export default defineConfig({
  test: {
    include: ['test/**/*.long.test.ts'],
    maxWorkers: 1,
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
