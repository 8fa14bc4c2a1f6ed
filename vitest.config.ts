import { defineConfig } from 'vitest/config';

/** Two cores: few workers, so that DynamoDB Local and the local cloud keep room beside the tests. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', 'node_modules/**'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
