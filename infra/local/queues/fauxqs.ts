/**
 * The parts of fauxqs that this hosts itself. The package exports only a server that listens on every interface
 * and hides its stores; its modules are reached by path instead, in this one file.
 */
export { buildApp } from 'fauxqs';
export { PersistenceManager } from '../../../node_modules/fauxqs/dist/persistence.js';
export { S3Store } from '../../../node_modules/fauxqs/dist/s3/s3Store.js';
export { fanOutToSubscriptions } from '../../../node_modules/fauxqs/dist/sns/actions/publish.js';
export { validateFilterPolicyLimits } from '../../../node_modules/fauxqs/dist/sns/filter.js';
export { SnsStore } from '../../../node_modules/fauxqs/dist/sns/snsStore.js';
export { type SqsQueue, SqsStore } from '../../../node_modules/fauxqs/dist/sqs/sqsStore.js';
export type { MessageAttributeValue, SqsMessage } from '../../../node_modules/fauxqs/dist/sqs/sqsTypes.js';
