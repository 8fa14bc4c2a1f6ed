import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { functionNames, sourceHash } from '../../infra/bundle.ts';
import { consolePaths } from '../../shared/contract/console.ts';
import { docsPaths } from '../../shared/contract/docs.ts';
import { operations } from '../../shared/contract/operations/all.ts';
import { batchesAnEndpoint } from '../../shared/store/webhooks/slots.ts';
import { fullStage, readable, synthesize } from './assembly.ts';

const prod = synthesize(fullStage);
const local = synthesize('local');
const dev = synthesize('dev');

/** What the limit of requests does not count, by route: opening a ticket, and all of an emergency. */
const urgent = operations
  .filter(({ access, rateLimit }) => access !== 'open' && rateLimit !== 'requests')
  .map(({ method, path }) => `${method} ${path}`);

const nameOf = (fn: { Properties: { FunctionName: string } }) =>
  fn.Properties.FunctionName.replace(/^nightdesk-[a-z]+-/, '');
const functionIn = (stage: typeof prod, name: string) => {
  const found = stage.all('AWS::Lambda::Function').find((fn) => nameOf(fn) === name);
  if (!found) throw new Error(`no function ${name}`);
  return found;
};
const sourceOf = (stage: typeof prod, name: string) => {
  const { id } = functionIn(stage, name);
  const mapping = stage
    .all('AWS::Lambda::EventSourceMapping')
    .find((it) => it.Properties.FunctionName.Ref === id);
  return mapping?.Properties;
};
const queueNamed = (name: string) => {
  const found = prod
    .all('AWS::SQS::Queue')
    .find((queue) => queue.Properties.QueueName === `nightdesk-prod-${name}`);
  return found?.Properties;
};

describe('synthesis', () => {
  test('needs no account, no Region and no look-ups', () => {
    expect(prod.manifest.missing).toBeUndefined();
    const environments = Object.values(prod.manifest.artifacts)
      .filter(({ type }) => type === 'aws:cloudformation:stack')
      .map((artifact) => (artifact as { environment?: string }).environment);
    expect(environments).toEqual([
      'aws://unknown-account/unknown-region',
      'aws://unknown-account/unknown-region',
    ]);
  });

  test('the templates are what they were', () => {
    const normal = (template: object) =>
      JSON.parse(JSON.stringify(template).replaceAll(/[0-9a-f]{64}/g, 'ASSET'));
    expect(normal(prod.data.toJSON())).toMatchSnapshot('data');
    expect(normal(prod.desk.toJSON())).toMatchSnapshot('desk');
  });

  test('every folder in functions/ with a handler is a function of the desk, and the other way round', () => {
    expect(prod.all('AWS::Lambda::Function').map(nameOf).sort()).toEqual(functionNames());
  });

  test('the hash of the sources is stable, and another for another stage', () => {
    expect(sourceHash(['local'])).toBe(sourceHash(['local']));
    expect(sourceHash(['local'])).not.toBe(sourceHash(['prod']));
  });
});

describe('stages differ in configuration alone', () => {
  test('local has the same resources as a full production, alarms on what it does not have aside', () => {
    const types = (stage: typeof prod) => stage.all('AWS::Lambda::Function').map(nameOf).sort();
    expect(types(local)).toEqual(types(prod));
    for (const type of [
      'AWS::SQS::Queue',
      'AWS::SNS::Topic',
      'AWS::SNS::Subscription',
      'AWS::Lambda::EventSourceMapping',
    ]) {
      expect(local.all(type).map(({ id }) => id.replaceAll('local', '')).length, type).toBe(
        prod.all(type).length,
      );
    }
  });

  test('only stage local names a webhook origin outside the address rule, to both who check addresses', () => {
    for (const name of ['api', 'deliver-webhook']) {
      expect(functionIn(local, name).Properties.Environment.Variables.WEBHOOK_LOCAL_ORIGIN).toMatch(
        /^http:\/\/localhost:\d+$/,
      );
      expect(functionIn(prod, name).Properties.Environment.Variables.WEBHOOK_LOCAL_ORIGIN).toBeUndefined();
    }
  });

  test('without a number there is no way in for SMS; without the account’s SMS there is no delivery log', () => {
    expect(dev.all('AWS::Lambda::Function').map(nameOf)).not.toContain('sms-inbound');
    expect(dev.all('AWS::Logs::SubscriptionFilter')).toEqual([]);
    expect(
      functionIn(dev, 'page-on-call').Properties.Environment.Variables.ORIGINATION_NUMBER,
    ).toBeUndefined();
  });

  test('without a public address the API’s own is used', () => {
    expect(functionIn(dev, 'api').Properties.Environment.Variables.PUBLIC_URL).toEqual({
      'Fn::GetAtt': [expect.any(String), 'ApiEndpoint'],
    });
  });

  test('scripts may call from the configured origins alone, without cookies; with none CORS is left alone', () => {
    const cors = (stage: typeof prod) => stage.all('AWS::ApiGatewayV2::Api')[0]?.Properties.CorsConfiguration;
    expect(cors(prod).AllowOrigins).toEqual(['https://console.partner.example']);
    expect(cors(prod)).not.toHaveProperty('AllowCredentials');
    expect(JSON.stringify(cors(prod))).not.toContain('*');
    expect(cors(dev)).toBeUndefined();
  });

  test('each has its own limits for an API key', () => {
    const limits = (stage: typeof prod) => {
      const { REQUESTS_PER_MINUTE, TICKETS_PER_MINUTE } = functionIn(stage, 'api').Properties.Environment
        .Variables;
      return [REQUESTS_PER_MINUTE, TICKETS_PER_MINUTE].map(Number);
    };
    expect(limits(prod)).toEqual([1_200, 120]);
    expect(limits(local)).toEqual([1_000_000, 1_000_000]);
  });

  test('every name carries its stage', () => {
    for (const [type, property] of [
      ['AWS::Lambda::Function', 'FunctionName'],
      ['AWS::SQS::Queue', 'QueueName'],
      ['AWS::SNS::Topic', 'TopicName'],
      ['AWS::CloudWatch::Alarm', 'AlarmName'],
      ['AWS::Events::Rule', 'Name'],
      ['AWS::ApiGatewayV2::Api', 'Name'],
    ] as const) {
      const names = dev.all(type).map(({ Properties }) => Properties[property]);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(name).toMatch(/^nightdesk-dev-/);
    }
  });
});

describe('the data stack', () => {
  test('refers to nothing outside itself', () => {
    expect(JSON.stringify(prod.data.toJSON())).not.toContain('Fn::ImportValue');
  });

  test('in production survives its own stack, a delete by mistake and a bad write', () => {
    prod.data.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        BillingMode: 'PAY_PER_REQUEST',
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    });
    prod.data.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: Match.anyValue(),
      },
    });
    const stacks = Object.values(prod.manifest.artifacts).filter(
      ({ type }) => type === 'aws:cloudformation:stack',
    );
    for (const { properties } of stacks) expect(properties).toMatchObject({ terminationProtection: true });
    dev.data.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Delete' });
  });

  test('has the indexes that the store names', () => {
    const { GlobalSecondaryIndexes: indexes } =
      Object.values(prod.data.findResources('AWS::DynamoDB::Table'))[0]?.Properties ?? {};
    const described = indexes.map(
      (index: {
        IndexName: string;
        KeySchema: { AttributeName: string }[];
        Projection: { ProjectionType: string };
      }) =>
        [
          index.IndexName,
          ...index.KeySchema.map((key) => key.AttributeName),
          index.Projection.ProjectionType,
        ].join(' '),
    );
    expect(described).toEqual(['lists listPk listSk ALL', 'desk deskPk deskSk ALL', 'due duePk dueAt ALL']);
  });
});

describe('functions', () => {
  test.each(functionNames())(
    '%s: arm64, Node 24, its own log with an end, traces, the common environment',
    (name) => {
      const { Properties: fn } = functionIn(prod, name);
      expect(fn).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
        Environment: { Variables: { STAGE: 'prod', POWERTOOLS_SERVICE_NAME: name, LOG_LEVEL: 'INFO' } },
      });
      expect(fn.Environment.Variables.TABLE_NAME).toHaveProperty('Fn::ImportValue');
      expect(prod.resource(fn.LoggingConfig.LogGroup.Ref).Properties).toMatchObject({
        LogGroupName: `/nightdesk/prod/${name}`,
        RetentionInDays: 180,
      });
    },
  );

  test('what pages people has capacity of its own; webhooks have a ceiling', () => {
    const reserved = prod
      .all('AWS::Lambda::Function')
      .filter((fn) => fn.Properties.ReservedConcurrentExecutions !== undefined)
      .map((fn) => `${nameOf(fn)} ${fn.Properties.ReservedConcurrentExecutions}`);
    expect(reserved.sort()).toEqual(['outbox 20', 'page-on-call 25', 'timer 20']);
    expect(sourceOf(prod, 'page-on-call').ScalingConfig).toEqual({ MaximumConcurrency: 25 });
    expect(sourceOf(prod, 'timer').ScalingConfig).toEqual({ MaximumConcurrency: 20 });
    for (const name of ['spread-event', 'deliver-webhook', 'webhook-line'])
      expect(sourceOf(prod, name).ScalingConfig).toEqual({ MaximumConcurrency: 20 });
    // Three endpoints that turn from quick to hanging leave room for others.
    expect(3 * batchesAnEndpoint).toBeLessThan(20);
  });

  test.each(['sms-status', 'sweep'])('%s, invoked asynchronously, has dead letters', (name) => {
    expect(readable(functionIn(prod, name).Properties.DeadLetterConfig.TargetArn, prod)).toBe(`${name}-dead`);
  });
});

describe('the way through', () => {
  test('the paths of console and docs are routes to them, every other path is the API’s, each with its permission', () => {
    const permitted = prod
      .all('AWS::Lambda::Permission')
      .filter((it) => it.Properties.Principal === 'apigateway.amazonaws.com')
      .map(({ Properties: { FunctionName, SourceArn } }) => [
        readable(FunctionName, prod),
        SourceArn['Fn::Join'][1].at(-1),
      ]);
    const paths = [
      ...Object.values(consolePaths).map((path) => ['console', path] as const),
      ...Object.values(docsPaths).map((path) => ['docs', path] as const),
    ];
    expect(prod.all('AWS::ApiGatewayV2::Route').map((route) => route.Properties.RouteKey)).toEqual([
      '$default',
      ...urgent,
      ...paths.map(([, path]) => `ANY ${path}`),
    ]);
    // arn:…:<api>/$default/$default has two segments after the API: decisions/0001-one-default-route.md
    expect(permitted).toEqual([
      ['api', '/*/*'],
      ['api', '/*/*/*'],
      ...paths.map(([name, path]) => [name, `/*/*${path}`]),
    ]);
    expect(prod.all('AWS::ApiGatewayV2::Stage')[0]?.Properties).toMatchObject({
      AccessLogSettings: { Format: expect.not.stringContaining('$context.path') },
    });
  });

  test('what is urgent, and the link in a page, has a throttle of its own, which nothing else can use up', () => {
    expect(urgent).toContain('POST /v1/tickets/{number}/escalation');
    expect(urgent).toContain('POST /v1/escalations/{id}/acknowledge');
    const [stage] = prod.all('AWS::ApiGatewayV2::Stage');
    const own = { ThrottlingBurstLimit: 1000, ThrottlingRateLimit: 1000 };
    expect(stage?.Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingBurstLimit: 400, ThrottlingRateLimit: 200 },
      RouteSettings: Object.fromEntries([...urgent, 'ANY /p/{token}'].map((key) => [key, own])),
    });
    // API Gateway refuses settings for a route that is not there.
    const before = stage?.DependsOn?.map((id) => prod.resource(id).Properties.RouteKey).filter(Boolean);
    expect(before?.sort()).toEqual(Object.keys(stage?.Properties.RouteSettings).sort());
  });

  test('the stream brings marked rows only, until they expire, failures one by one', () => {
    const { FilterCriteria, ...mapping } = sourceOf(prod, 'outbox');
    expect(FilterCriteria.Filters.map((it: { Pattern: string }) => JSON.parse(it.Pattern))).toEqual([
      { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { outbox: { S: [{ exists: true }] } } } },
    ]);
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: -1,
    });
    // Left out is -1 as well: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
    expect(mapping.MaximumRecordAgeInSeconds).toBeUndefined();
  });

  test('each kind goes to the queue of its effect, raw', () => {
    const subscriptions = prod
      .all('AWS::SNS::Subscription')
      .filter(({ Properties }) => Properties.Protocol === 'sqs')
      .map(({ Properties: { TopicArn, Endpoint, FilterPolicy, RawMessageDelivery } }) =>
        [
          readable(TopicArn, prod),
          JSON.stringify(FilterPolicy),
          readable(Endpoint, prod),
          RawMessageDelivery,
        ].join(' '),
      );
    expect(subscriptions.sort()).toEqual([
      'desk-events {"kind":["delivery"]} webhooks true',
      'desk-events {"kind":["event"],"type":["escalation.acknowledged","escalation.page_failed","escalation.passed","escalation.not_contacted","escalation.contact_lost","escalation.promoted","escalation.split","escalation.exhausted","escalation.resolved","escalation.cancelled","ticket.commented","incident.updated","incident.resolved"]} followers true',
      'desk-events {"kind":["event"]} events true',
      'desk-events {"kind":["line","recovery","test"]} webhook-lines true',
      'desk-events {"kind":["page"]} pages true',
      'sms-inbound  sms-inbound true',
    ]);
  });

  test.each([
    ['pages', 'page-on-call', 20, 10, 1],
    ['timers', 'timer', 20, 10, 10],
    ['sms-inbound', 'sms-inbound', 25, 20, 10],
    ['events', 'spread-event', 60, 10, 10],
    ['webhooks', 'deliver-webhook', 60, 25, 10],
    ['webhook-lines', 'webhook-line', 60, 40, 10],
  ])(
    'queue %s feeds %s: hidden %i s, function %i s, batches of %i',
    (queue, name, hidden, timeout, batch) => {
      const mapping = sourceOf(prod, name);
      expect(readable(mapping.EventSourceArn, prod)).toBe(queue);
      expect(mapping).toMatchObject({ BatchSize: batch, FunctionResponseTypes: ['ReportBatchItemFailures'] });
      expect(functionIn(prod, name).Properties.Timeout).toBe(timeout);
      const properties = queueNamed(queue);
      expect(properties).toMatchObject({ VisibilityTimeout: hidden, SqsManagedSseEnabled: true });
      expect(properties?.RedrivePolicy.maxReceiveCount).toBe(5);
      expect(readable(properties?.RedrivePolicy.deadLetterTargetArn, prod)).toBe(`${queue}-dead`);
    },
  );

  test('AWS’s SMS service, of this account alone, may publish answers', () => {
    const statements = prod
      .all('AWS::SNS::TopicPolicy')
      .flatMap((it) => it.Properties.PolicyDocument.Statement);
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({
      Principal: { Service: 'sms-voice.amazonaws.com' },
      Action: 'sns:Publish',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(readable(allowed[0].Resource, prod)).toBe('sms-inbound');
  });

  test('the delivery failures of SNS come to sms-status', () => {
    const [filter] = prod.all('AWS::Logs::SubscriptionFilter');
    expect(readable(filter?.Properties.DestinationArn, prod)).toBe('sms-status');
    expect(readable(filter?.Properties.LogGroupName, prod)).toBe(
      'sns/<AWS::Region>/<AWS::AccountId>/DirectPublishToPhoneNumber/Failure',
    );
  });

  test('the delivery log, full of phone numbers, is kept a week; the role that the README gives to SNS may write it', () => {
    const log = prod.all('AWS::Logs::LogGroup').find(({ Properties }) => Properties.LogGroupName['Fn::Join']);
    expect(log?.Properties.RetentionInDays).toBe(7);
    const { Value } = prod.desk.toJSON().Outputs.SmsDeliveryLogRoleArn;
    const { AssumeRolePolicyDocument, Policies } = prod.resource(Value['Fn::GetAtt'][0]).Properties;
    // SNS is not known to say for whom it asks: with a condition on that it might never be let in.
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' } },
    ]);
    const { Action, Resource } = Policies[0].PolicyDocument.Statement[0];
    expect(Action).toContain('logs:PutLogEvents');
    expect(Resource.map((arn: unknown) => readable(arn, prod))).toContain(
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/<AWS::Region>/<AWS::AccountId>/DirectPublishToPhoneNumber/Failure:*',
    );
  });

  test('what the README asks the stack for, it says', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const asked = [...readme.matchAll(/\$\(output (\w+)/g)].map(([, name = '']) => name);
    expect(asked).toEqual(['ApiUrl', 'SmsInboundTopicArn', 'SmsDeliveryLogRoleArn']);
    for (const name of asked) expect(prod.desk.toJSON().Outputs).toHaveProperty(name);
  });

  test('the sweep runs each minute', () => {
    const [rule] = prod.all('AWS::Events::Rule');
    expect(rule?.Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(readable(rule?.Properties.Targets[0].Arn, prod)).toBe('sweep');
  });

  test('the desk is alerted by e-mail', () => {
    local.desk.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'desk@nightdesk.example',
    });
  });
});

describe('alarms', () => {
  const alarms = prod.all('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);

  test('these there are', () => {
    expect(alarms.map((alarm) => alarm.AlarmName.replace('nightdesk-prod-', '')).sort()).toEqual([
      'api-errors',
      'check-coverage-dead',
      'check-coverage-silent',
      'emergency-failed',
      'events-dead',
      'followers-dead',
      'outbox-failures',
      'outbox-lag',
      'pages-dead',
      'pages-not-delivered',
      'pages-not-sent',
      'pages-waiting',
      'sms-inbound-dead',
      'sms-spend',
      'sms-status-dead',
      'sweep-dead',
      'sweep-silent',
      'timers-dead',
      'webhook-lines-dead',
      'webhooks-dead',
    ]);
  });

  test('each says what it means for people, names a runbook that knows it, and rings where operations listen', () => {
    for (const { AlarmName, AlarmDescription, AlarmActions } of alarms) {
      const [, impact, runbook] =
        /^(.{40,}\.) Runbook: (infra\/runbooks\/[a-z]+\.md)$/.exec(AlarmDescription) ?? [];
      expect(impact, AlarmName).toBeDefined();
      const path = join(import.meta.dirname, '../..', String(runbook));
      expect(existsSync(path), path).toBe(true);
      expect(readFileSync(path, 'utf8')).toContain(`**${AlarmName.replace('nightdesk-prod-', '')}**`);
      expect(AlarmActions).toEqual([fullStage.alarmTopicArn]);
    }
  });

  test('pages that SNS refuses, or takes and does not deliver, ring: what the functions count, as they count it', () => {
    const watched = alarms
      .filter((alarm) => alarm.Namespace === 'Nightdesk' && alarm.Dimensions)
      .map(({ MetricName, Dimensions, Statistic, Period, Threshold }) =>
        [MetricName, Dimensions[0].Name, Dimensions[0].Value, Statistic, Period, Threshold].join(' '),
      );
    expect(watched.sort()).toEqual([
      'PagesNotDelivered service sms-status Sum 900 3',
      'PagesNotSent service page-on-call Sum 300 3',
    ]);
  });

  test('the first press, take or ticket that fails rings; looking, and the rest of the API, at the fifth', () => {
    const [filter] = prod.all('AWS::Logs::MetricFilter');
    const { FilterPattern, LogGroupName, MetricTransformations } = filter?.Properties ?? {};
    expect(readable(LogGroupName, prod)).toBe('/nightdesk/prod/access');
    const rings = alarms.find(({ AlarmName }) => AlarmName.endsWith('emergency-failed'));
    expect(rings).toMatchObject({
      ...{ Threshold: 1, Period: 60, Statistic: 'Sum', Namespace: 'Nightdesk' },
      MetricName: MetricTransformations[0].MetricName,
    });
    // What it reads is in each line of the log.
    const format = JSON.parse(prod.all('AWS::ApiGatewayV2::Stage')[0]?.Properties.AccessLogSettings.Format);
    expect(format).toMatchObject({ status: '$context.status', route: '$context.routeKey' });
    for (const [, field = ''] of FilterPattern.matchAll(/\$\.(\w+)/g)) expect(format).toHaveProperty(field);
    const prefixes = [...FilterPattern.matchAll(/\$\.route = "([^"]+)\*"/g)].map(([, prefix = '']) => prefix);
    const watched = prod
      .all('AWS::ApiGatewayV2::Route')
      .map(({ Properties }) => String(Properties.RouteKey))
      .filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
    expect(watched.sort()).toEqual(
      [...urgent.filter((key) => key.startsWith('POST ')), 'ANY /p/{token}'].sort(),
    );
  });

  test('a queue that holds failures has an alarm on the first', () => {
    const dead = prod.all('AWS::SQS::Queue').filter(({ Properties }) => !Properties.RedrivePolicy);
    const watched = alarms
      .filter((alarm) => alarm.MetricName === 'ApproximateNumberOfMessagesVisible')
      .map((alarm) => alarm.Dimensions[0].Value['Fn::GetAtt'][0]);
    expect(watched.sort()).toEqual(dead.map(({ id }) => id).sort());
  });
});
