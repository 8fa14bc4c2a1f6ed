import { defineConfig } from 'vitest/config';
import { shared } from './vitest.config.ts';

/** What takes longer than `npm test` may: run by CI, and by hand before a release. */
export default defineConfig({
  test: {
    ...shared,
    include: ['test/**/*.long.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 120_000,
  },
});
