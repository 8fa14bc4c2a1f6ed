/**
 * The parts of fauxqs that this hosts itself. The package exports only a server that listens on every interface
 * and hides its stores; its modules are reached by path instead, in this one file.
 */
import type { DatabaseSync } from 'node:sqlite';
import { PersistenceManager } from '../../../node_modules/fauxqs/dist/persistence.js';

export { buildApp } from 'fauxqs';
export { S3Store } from '../../../node_modules/fauxqs/dist/s3/s3Store.js';
export { fanOutToSubscriptions } from '../../../node_modules/fauxqs/dist/sns/actions/publish.js';
export { validateFilterPolicyLimits } from '../../../node_modules/fauxqs/dist/sns/filter.js';
export { SnsStore } from '../../../node_modules/fauxqs/dist/sns/snsStore.js';
export { type SqsQueue, SqsStore } from '../../../node_modules/fauxqs/dist/sqs/sqsStore.js';
export type { MessageAttributeValue, SqsMessage } from '../../../node_modules/fauxqs/dist/sqs/sqsTypes.js';

/**
 * Messages and objects kept in this directory. As for memory.ts, safe against kill -9 of the process is enough:
 * flushed to the disk at each step of each message, all functions would wait for the slowest part of the machine.
 */
export function openPersistence(directory: string): PersistenceManager {
  const persistence = new PersistenceManager(directory);
  (Reflect.get(persistence, 'db') as DatabaseSync).exec('PRAGMA synchronous = OFF');
  return persistence;
}
