import { defineConfig } from 'vitest/config';
import { LongFirst } from './test/long-first.ts';

/**
 * Two cores: few workers, so that DynamoDB Local and the local cloud keep room beside the tests. One DynamoDB
 * Local serves all of them. Functions write their logs and metrics to standard output: not here.
 */
export const shared = {
  globalSetup: ['test/fakes/dynamodb.ts', 'test/infra/bundles.ts'],
  env: {
    ...{ POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true', POWERTOOLS_DEV: 'false' },
    NODE_COMPILE_CACHE: 'node_modules/.cache/nightdesk/compiled',
  },
  maxWorkers: 2,
};

export default defineConfig({
  test: {
    ...shared,
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.long.test.ts', 'node_modules/**'],
    // Two processes for all files, not one a file: what they import is read twice, not once a file.
    isolate: false,
    sequence: { sequencer: LongFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
