import { afterEach, describe, expect, it } from 'vitest';
import { readAssembly } from '../../infra/local/assembly/read.ts';
import { readPlan } from '../../infra/local/template/read-plan.ts';
import { resolveStacks } from '../../infra/local/template/resolve.ts';
import { type Fixture, writeFixture } from './fixture.ts';

let fixture: Fixture | undefined;
afterEach(() => fixture?.remove());

function planOf(change?: Parameters<typeof writeFixture>[0]) {
  fixture = writeFixture(change);
  const stacks = readAssembly(fixture.dir, 'http://localhost:4321');
  const places = {
    queueUrl: (name: string) => `http://127.0.0.1:9/000000000000/${name}`,
    apiEndpoint: 'http://localhost:4321',
  };
  return readPlan(resolveStacks(stacks, places), new Map(stacks.flatMap(({ assets }) => [...assets])));
}

describe('a template', () => {
  it('gives each function its own bundle, variables and role, with every reference resolved', () => {
    const api = planOf().functions.find(({ name }) => name === 'fixture-api');
    expect(api).toMatchObject({
      bundle: expect.stringMatching(/\/api$/),
      environment: {
        TABLE_NAME: 'fixture',
        WORK_URL: 'http://127.0.0.1:9/000000000000/work',
        TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:events',
        ORIGIN: 'http://localhost:4321',
      },
      statements: [
        {
          effect: 'Allow',
          actions: ['dynamodb:PutItem'],
          resources: ['arn:aws:dynamodb:us-east-1:000000000000:table/fixture'],
        },
        {
          effect: 'Allow',
          actions: ['sqs:SendMessage'],
          resources: ['arn:aws:sqs:us-east-1:000000000000:work'],
        },
      ],
    });
  });

  it('wires streams, queues, log groups and the API to their functions', () => {
    expect(planOf()).toMatchObject({
      streams: [{ functionName: 'fixture-outbox', tableName: 'fixture', retries: null, lanes: 1 }],
      consumers: [{ functionName: 'fixture-worker', batchSize: 1, reportsFailures: true }],
      logSubscriptions: [
        {
          functionName: 'fixture-status',
          logGroup: 'sns/us-east-1/000000000000/DirectPublishToPhoneNumber/Failure',
        },
      ],
      api: { routes: [{ key: '$default', functionName: 'fixture-api' }] },
    });
  });

  it('has a route of its own before $default, one with a method before one for any', () => {
    const plan = planOf((_, desk) => {
      const { Route: route, ApiPermission: permission } = desk.Resources;
      const { RouteKey: _key, ...properties } = route!.Properties;
      for (const key of ['ANY /p/{token}', 'GET /p/{token}', 'GET /p/news']) {
        desk.Resources[key.replace(/\W/g, '')] = { ...route!, Properties: { ...properties, RouteKey: key } };
      }
      const all = `${(permission!.Properties.SourceArn as { 'Fn::Sub': string })['Fn::Sub']}/*`;
      const many = { ...permission!.Properties, SourceArn: { 'Fn::Sub': all } };
      desk.Resources.Many = { ...permission!, Properties: many };
    });
    expect(plan.api?.routes.map(({ key }) => key)).toEqual([
      'GET /p/news',
      'GET /p/{token}',
      'ANY /p/{token}',
      '$default',
    ]);
  });

  it('throttles a route by its own settings, and all others together by those of the stage', () => {
    const { api } = planOf((_, desk) => {
      const { Route: route, Stage: stage } = desk.Resources;
      const key = 'POST /v1/press';
      desk.Resources.Press = { ...route!, Properties: { ...route!.Properties, RouteKey: key } };
      stage!.Properties.DefaultRouteSettings = { ThrottlingRateLimit: 5, ThrottlingBurstLimit: 6 };
      stage!.Properties.RouteSettings = { [key]: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 60 } };
    });
    expect(api?.throttle).toEqual({ rate: 5, burst: 6 });
    expect(api?.routes.map(({ key, throttle }) => [key, throttle])).toEqual([
      ['POST /v1/press', { rate: 50, burst: 60 }],
      ['$default', null],
    ]);
  });

  it.each<[string, Parameters<typeof writeFixture>[0], RegExp]>([
    [
      'settings of a route that is not there, as API Gateway does',
      (_, desk) => {
        desk.Resources.Stage!.Properties.RouteSettings = { 'GET /nowhere': { ThrottlingRateLimit: 1 } };
      },
      /RouteSettings has GET \/nowhere, and there is no such route/,
    ],
    [
      'a setting of routes',
      (_, desk) => {
        desk.Resources.Stage!.Properties.DefaultRouteSettings = { DetailedMetricsEnabled: true };
      },
      /does not know DetailedMetricsEnabled/,
    ],
    [
      'a type',
      (_, desk) => {
        desk.Resources.Odd = { Type: 'AWS::SES::ReceiptRule', Properties: {} };
      },
      /does not know AWS::SES::ReceiptRule \(Odd\)/,
    ],
    [
      'a property',
      (_, desk) => {
        desk.Resources.Works!.Properties.MaximumBatchingWindowInSeconds = 5;
      },
      /does not know MaximumBatchingWindowInSeconds/,
    ],
    [
      'a filter',
      (_, desk) => {
        desk.Resources.Stream!.Properties.FilterCriteria = {
          Filters: [{ Pattern: '{"a":[{"cidr":"10.0.0.0/8"}]}' }],
        };
      },
      /this part of a filter: {"cidr"/,
    ],
    [
      'an intrinsic function',
      (_, desk) => {
        desk.Resources.Topic!.Properties.TopicName = { 'Fn::FindInMap': [] };
      },
      /Fn::FindInMap/,
    ],
  ])('stops at %s that is not known', (_, change, words) => {
    expect(() => planOf(change)).toThrow(words);
  });

  it.each<[string, Parameters<typeof writeFixture>[0], RegExp]>([
    [
      'permission of the API',
      (_, desk) => {
        delete desk.Resources.ApiPermission;
      },
      /lets apigateway.amazonaws.com .* invoke fixture-api/,
    ],
    [
      'permission of a route',
      (_, desk) => {
        const { Route: route, ApiPermission: permission } = desk.Resources;
        desk.Resources.Other = {
          ...route!,
          Properties: { ...route!.Properties, RouteKey: 'GET /p/{token}' },
        };
        const { SourceArn } = permission!.Properties as { SourceArn: { 'Fn::Sub': string } };
        SourceArn['Fn::Sub'] = SourceArn['Fn::Sub'].replace('/*/*', '/*/$default');
      },
      /lets apigateway.amazonaws.com .*\/GET\/p\/{token}.* invoke fixture-api/,
    ],
    [
      'permission of the log group',
      (_, desk) => {
        delete desk.Resources.ToStatusPermission;
      },
      /lets logs.amazonaws.com .* invoke fixture-status/,
    ],
    [
      'queue policy for the topic',
      (_, desk) => {
        delete desk.Resources.WorkPolicy;
      },
      /No queue policy lets topic .*events send to .*work/,
    ],
    [
      'grant to read the queue',
      (_, desk) => {
        delete desk.Resources.WorkerPolicy;
      },
      /fixture-worker does not allow sqs:ReceiveMessage/,
    ],
    [
      'grant to read the stream',
      (_, desk) => {
        delete desk.Resources.OutboxPolicy;
      },
      /fixture-outbox does not allow dynamodb:DescribeStream/,
    ],
    [
      'route',
      (_, desk) => {
        delete desk.Resources.Route;
      },
      /a route \$default/,
    ],
    [
      'export',
      (data) => {
        delete data.Outputs?.Name;
      },
      /imports data:table, which no stack exports/,
    ],
  ])('stops where a %s is missing', (_, change, words) => {
    expect(() => planOf(change)).toThrow(words);
  });
});
