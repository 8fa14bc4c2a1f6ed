import { fork } from 'node:child_process';
import { once } from 'node:events';
import { median, report } from './report.ts';

/**
 * Throughput of the API on one function instance with one client: a partner's GET of a ticket by the deployed bundle,
 * against the same consistent GetItem by the SDK alone, in turns in the same process, over DynamoDB Local in memory.
 * The instance runs in a process of its own, whose log lines nobody reads.
 */
const instance = fork(new URL('api-instance.ts', import.meta.url), {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const [turns] = (await Promise.race([
  once(instance, 'message'),
  once(instance, 'exit').then(([code]) => {
    throw new Error(`The instance ended with ${code} before it had measured.`);
  }),
])) as [{ api: number; alone: number }[]];

report([
  { what: 'GetItem alone', value: median(turns.map(({ alone }) => alone)), unit: '/s' },
  { what: 'GET of a ticket', value: median(turns.map(({ api }) => api)), unit: '/s' },
  {
    what: 'GET / GetItem, median of turns',
    value: 100 * median(turns.map(({ api, alone }) => api / alone)),
    unit: '%',
    least: 45,
  },
]);
