import { join } from 'node:path';
import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { SqsEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AlarmText } from './desk-alarm.ts';
import { type DeskContext, named } from './desk-context.ts';
import { DeadLetters, type DeskQueue } from './desk-queue.ts';

/** The actions that a function may ever have on the table. Scan is not among them, and no wildcard. */
export type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

/** The indexes that the desk reads: lists for partners, lists for staff, what falls due. */
export type TableIndex = 'lists' | 'desk' | 'due';

export interface DeskFunctionProps {
  readonly desk: DeskContext;
  /** Its folder in `functions/`. */
  readonly name: string;
  /** What it does, in one sentence. */
  readonly description: string;
  readonly timeout: Duration;
  /** MB; processor time grows with it. Default 1024: a cold start is processor time, and pages wait for it. */
  readonly memory?: number;
  /** Beside what every function has: STAGE, TABLE_NAME, LOG_LEVEL and the names that Powertools reads. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number | undefined;
  /** Why it is granted anything on `*`, for what is not X-Ray. */
  readonly wildcards?: string;
  /** For functions that AWS invokes asynchronously: how long and how often a failed event is tried again. */
  readonly asynchronous?: AlarmText & { readonly retries: 0 | 1 | 2; readonly maxAge: Duration };
}

/**
 * The one way to make a function: arm64, Node 24, one bundled ES module, its own role with exact grants, its
 * own log group, X-Ray on; where asynchronous, dead letters with an alarm.
 */
export class DeskFunction extends Construct {
  readonly lambda: LambdaFunction;
  private readonly desk: DeskContext;

  constructor(scope: Construct, id: string, props: DeskFunctionProps) {
    super(scope, id);
    const { desk, name, asynchronous } = props;
    const { config } = desk;
    this.desk = desk;

    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `nightdesk ${config.stage} ${name}`,
    });
    // Logs go with the stack: what has to last is the event log in the table.
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/nightdesk/${config.stage}/${name}`,
      retention: config.logRetentionDays satisfies RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    logGroup.grantWrite(role);
    const dead = asynchronous
      ? new DeadLetters(this, 'DeadLetters', { config, name: `${name}-dead`, ...asynchronous })
      : undefined;

    this.lambda = new LambdaFunction(this, 'Function', {
      functionName: named(config, name),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(desk.bundles, name)),
      handler: 'index.handler',
      role,
      logGroup,
      timeout: props.timeout,
      memorySize: props.memory ?? 1024,
      tracing: Tracing.ACTIVE,
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
      ...(asynchronous && dead
        ? {
            deadLetterQueue: dead.queue,
            retryAttempts: asynchronous.retries,
            maxEventAge: asynchronous.maxAge,
          }
        : {}),
      environment: {
        STAGE: config.stage,
        TABLE_NAME: desk.table.tableName,
        LOG_LEVEL: config.logLevel,
        POWERTOOLS_SERVICE_NAME: name,
        POWERTOOLS_METRICS_NAMESPACE: 'Nightdesk',
        ...props.environment,
      },
    });
    const tracing = 'xray:PutTraceSegments and xray:PutTelemetryRecords take no resource.';
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: props.wildcards ? `${tracing} ${props.wildcards}` : tracing,
    });
  }

  /** Lets the function use the table, by exactly these actions; and query these indexes. */
  grantTable(actions: readonly TableAction[], indexes: readonly TableIndex[] = []): this {
    const { tableArn } = this.desk.table;
    if (actions.length > 0)
      this.grant(
        actions.map((action) => `dynamodb:${action}`),
        [tableArn],
      );
    if (indexes.length > 0) {
      this.grant(
        ['dynamodb:Query'],
        indexes.map((index) => `${tableArn}/index/${index}`),
      );
    }
    return this;
  }

  /** Lets the function do exactly this, to exactly these. */
  grant(actions: readonly string[], resources: readonly string[]): this {
    this.lambda.addToRolePolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] }),
    );
    return this;
  }

  /** Feeds the function from a queue; a message that fails comes back alone, not with its batch. */
  consume(
    from: DeskQueue,
    options: Required<Pick<SqsEventSourceProps, 'batchSize'>> & { maxConcurrency?: number | undefined },
  ): this {
    const { batchSize, maxConcurrency } = options;
    this.lambda.addEventSource(
      new SqsEventSource(from.queue, {
        batchSize,
        reportBatchItemFailures: true,
        ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
      }),
    );
    return this;
  }
}

/** What a function needs on the table to read a case, decide and commit: the items of one transaction. */
export const decides: readonly TableAction[] = ['GetItem', 'Query', 'PutItem', 'DeleteItem'];
