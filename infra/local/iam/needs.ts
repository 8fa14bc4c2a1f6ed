import type { Need } from './evaluate.ts';

/** A call to AWS, as far as it can be read from its HTTP request. */
export interface AwsCall {
  readonly service: 'dynamodb' | 'sqs' | 'sns' | 'unknown';
  readonly action: string;
  readonly needs: readonly Need[];
  /** It changes a table, so that there may be something new on its stream. */
  readonly writes: boolean;
  /** How many items a transaction has; 0 for everything else. */
  readonly items: number;
}

/** Who calls, and so whose tables and queues a bare name means. */
export interface Caller {
  readonly region: string;
  readonly account: string;
}

type Json = Record<string, unknown>;

/** Reads a request's target header and body. */
export function readCall(target: string | undefined, body: string, caller: Caller): AwsCall {
  if (target?.startsWith('DynamoDB_')) return dynamodb(target.split('.')[1] ?? '', JSON.parse(body), caller);
  if (target?.startsWith('AmazonSQS.'))
    return sqs(target.slice('AmazonSQS.'.length), JSON.parse(body), caller);
  if (!target && /(^|&)Action=/.test(body)) return sns(new URLSearchParams(body));
  return { service: 'unknown', action: target ?? 'unknown', needs: [], writes: false, items: 0 };
}

const transactionParts: Readonly<Record<string, string>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
  Get: 'GetItem',
};
const writing = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];

function dynamodb(action: string, body: Json, { region, account }: Caller): AwsCall {
  const table = (name: unknown) =>
    String(name).startsWith('arn:') ? String(name) : `arn:aws:dynamodb:${region}:${account}:table/${name}`;
  const items = (body.TransactItems ?? []) as Record<string, { TableName: string }>[];
  const needs: Need[] = [];
  if (action.startsWith('Transact')) {
    for (const [part, { TableName }] of items.flatMap(Object.entries) as [string, { TableName: string }][]) {
      needs.push({ action: `dynamodb:${transactionParts[part] ?? part}`, resource: table(TableName) });
    }
  } else if (action.startsWith('Batch')) {
    for (const name of Object.keys((body.RequestItems ?? {}) as Json)) {
      needs.push({ action: `dynamodb:${action}`, resource: table(name) });
    }
  } else {
    const index = body.IndexName ? `/index/${body.IndexName}` : '';
    needs.push({ action: `dynamodb:${action}`, resource: table(body.TableName) + index });
  }
  return { service: 'dynamodb', action, needs, writes: writing.includes(action), items: items.length };
}

function sqs(action: string, body: Json, { region, account }: Caller): AwsCall {
  const name = body.QueueUrl ? String(body.QueueUrl).split('/').at(-1) : body.QueueName;
  const resource = name ? `arn:aws:sqs:${region}:${account}:${name}` : '*';
  // A batch needs no permission of its own.
  const needs = [{ action: `sqs:${action.replace(/Batch$/, '')}`, resource }];
  return { service: 'sqs', action, needs, writes: false, items: 0 };
}

function sns(form: URLSearchParams): AwsCall {
  const action = form.get('Action') ?? '';
  const phone = form.get('PhoneNumber');
  const resource = form.get('TopicArn') ?? form.get('TargetArn') ?? phone ?? '*';
  const needs = [{ action: `sns:${action.replace(/Batch$/, '')}`, resource }];
  // SNS sends SMS, and asks for opt-outs, through AWS End User Messaging in the caller's name.
  if (phone) needs.push({ action: 'sms-voice:SendTextMessage', resource: '*' });
  if (action === 'CheckIfPhoneNumberIsOptedOut')
    needs.push({ action: 'sms-voice:DescribeOptedOutNumbers', resource: '*' });
  return { service: 'sns', action, needs, writes: false, items: 0 };
}
