import { describe, expect, test } from 'vitest';
import { fullStage, readable, synthesize } from './assembly.ts';

const stage = synthesize(fullStage);

const decide = 'dynamodb: DeleteItem GetItem PutItem Query → table';
const change = 'dynamodb: DeleteItem GetItem PutItem Query UpdateItem → table';
const attempt = 'dynamodb: BatchGetItem DeleteItem GetItem PutItem Query UpdateItem → table';
const consume = 'sqs: ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage → ';

/** Every function's grants, whole: what is not here, a function cannot do. Its own log and traces go without saying. */
const granted: Record<string, string[]> = {
  api: [
    'dynamodb: BatchGetItem DeleteItem GetItem PutItem Query UpdateItem → table',
    'dynamodb: Query → table/index/lists',
    'dynamodb: Query → table/index/desk',
  ],
  console: [decide],
  docs: [],
  outbox: [
    'dynamodb: DescribeStream GetRecords GetShardIterator → stream',
    'dynamodb: ListStreams → *',
    'sns: Publish → desk-events',
    'sqs: SendMessage → timers',
    'sqs: SendMessage → outbox-failures',
  ],
  'page-on-call': [
    'dynamodb: BatchGetItem DeleteItem GetItem PutItem Query → table',
    'sns: Publish → desk-alerts',
    'sns: Publish → anything but arn:aws:sns:*:*:*',
    'sns: CheckIfPhoneNumberIsOptedOut → *',
    'sms-voice: DescribeOptedOutNumbers SendTextMessage → * if aws:CalledViaLast is sns.amazonaws.com',
    `${consume}pages`,
  ],
  'check-coverage': [
    'dynamodb: GetItem PutItem Query → table',
    'sns: CheckIfPhoneNumberIsOptedOut → *',
    'sms-voice: DescribeOptedOutNumbers → * if aws:CalledViaLast is sns.amazonaws.com',
    'sqs: SendMessage → check-coverage-dead',
  ],
  'sms-inbound': ['dynamodb: BatchGetItem DeleteItem GetItem PutItem Query → table', `${consume}sms-inbound`],
  'sms-status': [
    'dynamodb: BatchGetItem DeleteItem GetItem PutItem Query → table',
    'sqs: SendMessage → sms-status-dead',
  ],
  timer: [change, `${consume}timers`],
  sweep: [
    'dynamodb: GetItem PutItem → table',
    'dynamodb: Query → table/index/due',
    'sqs: SendMessage → timers',
    'sqs: SendMessage → sweep-dead',
  ],
  // It sends one message a follower to the queue that it consumes itself.
  follow: [decide, `${consume.replace(' → ', ' SendMessage → ')}followers`],
  'spread-event': ['dynamodb: BatchGetItem GetItem PutItem Query → table', `${consume}events`],
  'deliver-webhook': [attempt, `${consume}webhooks`],
  'webhook-line': [
    attempt,
    'dynamodb: Query → table/index/lists',
    'sqs: SendMessage → webhook-lines-dead',
    `${consume}webhook-lines`,
  ],
  setup: ['dynamodb: GetItem PutItem → table'],
};

describe('grants', () => {
  test('the table names every function', () => {
    const names = stage.all('AWS::Lambda::Function').map((fn) => shortName(fn.Properties.FunctionName));
    expect(names.sort()).toEqual(Object.keys(granted).sort());
  });

  test.each(Object.entries(granted))('%s may do this and no more', (name, expected) => {
    const own = [
      `logs: CreateLogStream PutLogEvents → /nightdesk/prod/${name}`,
      'xray: PutTelemetryRecords PutTraceSegments → *',
    ];
    expect(grantsOf(name)).toEqual([...own, ...expected].sort());
  });

  test('nobody may scan, and no action is a wildcard', () => {
    const policies = JSON.stringify(stage.all('AWS::IAM::Policy'));
    expect(policies).not.toMatch(/Scan|PartiQL/);
    expect(policies).not.toMatch(/"[a-z0-9-]+:[A-Za-z]*\*"/);
  });

  test('each function has a role of its own, without managed policies', () => {
    const functions = stage.all('AWS::Lambda::Function');
    const roles = functions.map((fn) => fn.Properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(functions.length);
    for (const role of roles) expect(stage.resource(role).Properties.ManagedPolicyArns).toBeUndefined();
  });
});

function shortName(functionName: string): string {
  return functionName.replace('nightdesk-prod-', '');
}

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: { StringEquals: Record<string, string> };
}

/** A function's policy as lines `service: Actions → resource`, one a service and resource. */
function grantsOf(name: string): string[] {
  const fn = stage.all('AWS::Lambda::Function').find((it) => shortName(it.Properties.FunctionName) === name);
  const role: string = fn?.Properties.Role['Fn::GetAtt'][0];
  const statements: Statement[] = stage
    .all('AWS::IAM::Policy')
    .filter((policy) => policy.Properties.Roles.some((it: { Ref: string }) => it.Ref === role))
    .flatMap((policy) => policy.Properties.PolicyDocument.Statement);

  const lines = new Map<string, Set<string>>();
  for (const { Effect, Action, Resource, NotResource, Condition } of statements) {
    expect(Effect).toBe('Allow');
    const conditions = Object.entries(Condition?.StringEquals ?? {}).map(
      ([key, value]) => ` if ${key} is ${value}`,
    );
    const targets = [
      ...[Resource ?? []].flat().map((resource) => readable(resource, stage)),
      ...[NotResource ?? []].flat().map((resource) => `anything but ${readable(resource, stage)}`),
    ];
    for (const target of targets) {
      for (const action of [Action].flat()) {
        const [service, verb] = action.split(':') as [string, string];
        const line = `${service}:|${target}${conditions.join('')}`;
        lines.set(line, (lines.get(line) ?? new Set()).add(verb));
      }
    }
  }
  return [...lines].map(([line, verbs]) => line.replace('|', ` ${[...verbs].sort().join(' ')} → `)).sort();
}
