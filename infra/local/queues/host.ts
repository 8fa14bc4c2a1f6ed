import { randomUUID } from 'node:crypto';
import type { SubscriptionPlan } from '../template/plan.ts';
import {
  buildApp,
  fanOutToSubscriptions,
  openPersistence,
  S3Store,
  SnsStore,
  SqsStore,
  validateFilterPolicyLimits,
} from './fauxqs.ts';
import { LocalQueue } from './queue.ts';

/** Answers a call to SNS that fauxqs does not know; null leaves it to fauxqs. */
export type AnswerSns = (form: Readonly<Record<string, string>>) => { status: number; xml: string } | null;

interface Stores {
  readonly sqsStore: SqsStore;
  readonly snsStore: SnsStore;
  readonly s3Store: S3Store;
}

/** SQS, SNS and S3 on a port of this machine, hosted in this process, and so under its moved clock. */
export class MessagingHost {
  readonly port: number;
  private readonly stores: Stores;
  private readonly shut: () => Promise<void>;
  private readonly queues = new Map<string, LocalQueue>();

  private constructor(port: number, stores: Stores, close: () => Promise<void>) {
    this.port = port;
    this.stores = stores;
    this.shut = close;
  }

  /** Opens what is kept in the directory, if any, and listens on the loopback address. */
  static async open(directory: string | null, answerSns: AnswerSns): Promise<MessagingHost> {
    const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
    // Topics and subscriptions come from the template at each start; messages and objects are kept.
    const persistence = directory ? openPersistence(directory) : undefined;
    if (persistence) {
      persistence.loadSqsAndSns(stores.sqsStore, new SnsStore());
      persistence.loadS3(stores.s3Store);
      stores.sqsStore.persistence = persistence;
      stores.s3Store.persistence = persistence;
      for (const queue of stores.sqsStore.allQueues()) queue.persistence = persistence;
    }
    const app = buildApp({ logger: false, stores });
    app.addHook('preHandler', async (request, reply) => {
      const form = request.body as Record<string, string> | undefined;
      const answer = typeof form?.Action === 'string' ? answerSns(form) : null;
      if (answer) await reply.status(answer.status).header('content-type', 'text/xml').send(answer.xml);
    });
    if (persistence) app.addHook('onClose', async () => persistence.close());
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    return new MessagingHost(Number(new URL(address).port), stores, () => app.close());
  }

  /** Makes the queue, or gives the one that is kept these attributes. */
  ensureQueue(name: string, arn: string, attributes: Readonly<Record<string, string>>): LocalQueue {
    const { sqsStore } = this.stores;
    const kept = sqsStore.getQueueByName(name);
    kept?.setAttributes({ RedrivePolicy: '', ...attributes });
    const queue = kept ?? sqsStore.createQueue(name, this.queueUrl(name), arn, { ...attributes });
    const local = new LocalQueue(queue, (wanted) => sqsStore.getQueueByArn(wanted));
    this.queues.set(arn, local);
    return local;
  }

  queueUrl(name: string): string {
    return `http://127.0.0.1:${this.port}/000000000000/${name}`;
  }

  queue(arn: string): LocalQueue | undefined {
    return this.queues.get(arn);
  }

  allQueues(): LocalQueue[] {
    return [...this.queues.values()];
  }

  createTopic(name: string): void {
    this.stores.snsStore.createTopic(name, undefined, undefined, 'us-east-1');
  }

  /** Subscribes a queue, which may be one that stands for another kind of endpoint. */
  subscribe({ topicArn, attributes }: SubscriptionPlan, queueArn: string): void {
    if (attributes.FilterPolicy) validateFilterPolicyLimits(attributes.FilterPolicy);
    this.stores.snsStore.subscribe(topicArn, 'sqs', queueArn, { ...attributes });
  }

  /** Publishes as AWS itself would, without a caller. */
  publish(topicArn: string, message: string): void {
    const { snsStore, sqsStore } = this.stores;
    const topic = snsStore.getTopic(topicArn);
    if (!topic) throw new Error(`no topic ${topicArn}`);
    fanOutToSubscriptions({
      ...{ topicArn, topic, message, snsStore, sqsStore },
      messageId: randomUUID(),
      messageAttributes: {},
    });
  }

  ensureBucket(name: string): void {
    if (!this.stores.s3Store.hasBucket(name)) this.stores.s3Store.createBucket(name);
  }

  close(): Promise<void> {
    return this.shut();
  }
}
