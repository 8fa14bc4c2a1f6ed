import { describe, expect, it } from 'vitest';
import { isAllowed, type Statement } from '../../infra/local/iam/evaluate.ts';
import { readCall } from '../../infra/local/iam/needs.ts';

const caller = { region: 'us-east-1', account: '000000000000' };
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/desk';
const topic = 'arn:aws:sns:us-east-1:000000000000:events';

function allowed(statements: Statement[], target: string | undefined, body: string): boolean {
  return readCall(target, body, caller).needs.every((need) => isAllowed(statements, need));
}
const dynamo = (action: string, body: object) =>
  [`DynamoDB_20120810.${action}`, JSON.stringify(body)] as const;

describe('a call to DynamoDB', () => {
  const putOnly: Statement[] = [{ effect: 'Allow', actions: ['dynamodb:PutItem'], resources: [table] }];

  it('needs its action on its table', () => {
    expect(allowed(putOnly, ...dynamo('PutItem', { TableName: 'desk' }))).toBe(true);
    expect(allowed(putOnly, ...dynamo('PutItem', { TableName: 'other' }))).toBe(false);
    expect(allowed(putOnly, ...dynamo('GetItem', { TableName: 'desk' }))).toBe(false);
  });

  it('needs for a transaction what each of its items needs', () => {
    const put = { Put: { TableName: 'desk' } };
    const check = { ConditionCheck: { TableName: 'desk' } };
    expect(allowed(putOnly, ...dynamo('TransactWriteItems', { TransactItems: [put, put] }))).toBe(true);
    expect(allowed(putOnly, ...dynamo('TransactWriteItems', { TransactItems: [put, check] }))).toBe(false);
  });

  it('needs the index for a query of an index, and the table for one of the table', () => {
    const query = (IndexName?: string) =>
      dynamo('Query', { TableName: 'desk', ...(IndexName && { IndexName }) });
    const onIndex: Statement[] = [
      { effect: 'Allow', actions: ['dynamodb:Query'], resources: [`${table}/index/due`] },
    ];
    expect(allowed(onIndex, ...query('due'))).toBe(true);
    expect(allowed(onIndex, ...query('lists'))).toBe(false);
    expect(allowed(onIndex, ...query())).toBe(false);
  });

  it('needs a batch action on every table that it names', () => {
    const batch: Statement[] = [{ effect: 'Allow', actions: ['dynamodb:BatchGetItem'], resources: [table] }];
    expect(allowed(batch, ...dynamo('BatchGetItem', { RequestItems: { desk: {} } }))).toBe(true);
    expect(allowed(batch, ...dynamo('BatchGetItem', { RequestItems: { desk: {}, other: {} } }))).toBe(false);
  });
});

describe('a publication', () => {
  const phones: Statement[] = [
    { effect: 'Allow', actions: ['sns:Publish'], notResources: ['arn:aws:sns:*:*:*'] },
    { effect: 'Allow', actions: ['sms-voice:SendTextMessage'], resources: ['*'] },
  ];
  const toPhone = 'Action=Publish&PhoneNumber=%2B12025550101&Message=x';
  const toTopic = `Action=Publish&TopicArn=${topic}&Message=x`;

  it('to a phone is allowed by everything but topics, and that allows no topic', () => {
    expect(allowed(phones, undefined, toPhone)).toBe(true);
    expect(allowed(phones, undefined, toTopic)).toBe(false);
  });

  it('to a phone also needs what SNS does in the name of its caller', () => {
    expect(allowed(phones.slice(0, 1), undefined, toPhone)).toBe(false);
  });

  it('in a batch needs what a single one needs', () => {
    const one: Statement[] = [{ effect: 'Allow', actions: ['sns:Publish'], resources: [topic] }];
    expect(allowed(one, undefined, `Action=PublishBatch&TopicArn=${topic}`)).toBe(true);
    expect(allowed(one, undefined, toPhone)).toBe(false);
  });
});

describe('statements', () => {
  const need = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:000000000000:pages' };
  it.each<[string, Statement[], boolean]>([
    ['nothing allows', [], false],
    [
      'wildcards match',
      [{ effect: 'Allow', actions: ['sqs:Send*'], resources: ['arn:aws:sqs:*:*:page?'] }],
      true,
    ],
    [
      'a dot is only a dot',
      [{ effect: 'Allow', actions: ['sqs:SendMessage'], resources: ['arn.aws.sqs*'] }],
      false,
    ],
    [
      'an action in other case matches',
      [{ effect: 'Allow', actions: ['SQS:sendmessage'], resources: ['*'] }],
      true,
    ],
    ['NotAction leaves out', [{ effect: 'Allow', notActions: ['sqs:*'], resources: ['*'] }], false],
    [
      'a denial wins',
      [
        { effect: 'Allow', actions: ['*'], resources: ['*'] },
        { effect: 'Deny', actions: ['sqs:SendMessage'], resources: ['*'] },
      ],
      false,
    ],
  ])('%s', (_, statements, expected) => {
    expect(isAllowed(statements, need)).toBe(expected);
  });
});

it('a batch of messages needs no permission of its own', () => {
  const body = JSON.stringify({ QueueUrl: 'http://127.0.0.1:9/000000000000/pages' });
  expect(readCall('AmazonSQS.SendMessageBatch', body, caller).needs).toEqual([
    { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-1:000000000000:pages' },
  ]);
});
