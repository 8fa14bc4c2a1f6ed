import type { Statement } from '../iam/evaluate.ts';

/** A table as CreateTable takes it. */
export interface TablePlan {
  readonly name: string;
  readonly arn: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly indexes: readonly Readonly<Record<string, unknown>>[];
}

export interface QueuePlan {
  readonly name: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SubscriptionPlan {
  readonly topicArn: string;
  readonly protocol: 'sqs' | 'email';
  readonly endpoint: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface FunctionPlan {
  readonly name: string;
  readonly arn: string;
  readonly bundle: string;
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number | null;
  readonly roleName: string;
  readonly statements: readonly Statement[];
  readonly logGroup: string;
  /** For asynchronous invocations: how often again, for how long, and where to after that. */
  readonly retries: number;
  readonly maxAgeMs: number;
  readonly deadLetterArn: string | null;
}

interface MappingPlan {
  readonly id: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly reportsFailures: boolean;
  /** EventBridge patterns, one of which a record must match; null takes every record. */
  readonly filters: readonly unknown[] | null;
}

export interface StreamPlan extends MappingPlan {
  readonly tableName: string;
  readonly bisects: boolean;
  /** How many times more; null is until the record expires. */
  readonly retries: number | null;
  readonly lanes: number;
}

export interface ConsumerPlan extends MappingPlan {
  readonly queueArn: string;
  readonly maxConcurrency: number | null;
}

export interface SchedulePlan {
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly everyMs: number;
  readonly functionName: string;
}

/** A function that is told what is written to a log group. */
export interface LogSubscriptionPlan {
  readonly name: string;
  readonly logGroup: string;
  readonly functionName: string;
}

/** A route of the HTTP API. `segments` is null for `$default`; one such as `{id}` takes any text. */
export interface RoutePlan {
  readonly key: string;
  /** null: any. */
  readonly method: string | null;
  readonly segments: readonly string[] | null;
  readonly functionName: string;
  readonly timeoutMs: number;
  /** null: it shares that of the stage with all others. */
  readonly throttle: ThrottlePlan | null;
}

/** A bucket of `burst` requests that fills at `rate` a second. */
export interface ThrottlePlan {
  readonly rate: number;
  readonly burst: number;
}

/** Which origins scripts may call the HTTP API from, and what they may send and see. */
export interface CorsPlan {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds: number;
}

export interface ApiPlan {
  readonly apiId: string;
  /** null: API Gateway leaves CORS alone. */
  readonly cors: CorsPlan | null;
  /** The most specific first. */
  readonly routes: readonly RoutePlan[];
  readonly throttle: ThrottlePlan;
}

/** Everything that a template asks for, in the terms in which it is run here. */
export interface Plan {
  readonly tables: readonly TablePlan[];
  readonly buckets: readonly string[];
  readonly queues: readonly QueuePlan[];
  readonly topics: readonly string[];
  readonly subscriptions: readonly SubscriptionPlan[];
  readonly functions: readonly FunctionPlan[];
  readonly streams: readonly StreamPlan[];
  readonly consumers: readonly ConsumerPlan[];
  readonly schedules: readonly SchedulePlan[];
  readonly logSubscriptions: readonly LogSubscriptionPlan[];
  readonly api: ApiPlan | null;
  /** Where the carrier puts what people answer by SMS. */
  readonly smsInboundTopic: string | null;
}
