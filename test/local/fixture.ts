import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A cloud assembly of a few small functions, as the CDK would have written it: one of each kind of wiring. */

type Resource = { Type: string; Properties: Record<string, unknown> };
type Template = { Resources: Record<string, Resource>; Outputs?: Record<string, unknown> };

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const allow = (Action: string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
const table = { 'Fn::ImportValue': 'data:table' };
const tableArn = { 'Fn::ImportValue': 'data:arn' };
const streamArn = { 'Fn::ImportValue': 'data:stream' };

function fn(id: string, statements: unknown[], more: Record<string, unknown> = {}): Record<string, Resource> {
  const { Environment = {}, ...properties } = more as { Environment?: Record<string, unknown> };
  return {
    [`${id}Role`]: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
    [`${id}Policy`]: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        Roles: [{ Ref: `${id}Role` }],
        PolicyName: id,
        PolicyDocument: { Statement: statements },
      },
    },
    [id]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: `fixture-${id.toLowerCase()}`,
        Code: { S3Bucket: 'assets', S3Key: `${id.toLowerCase()}.zip` },
        Handler: 'index.handler',
        Runtime: 'nodejs24.x',
        Role: arnOf(`${id}Role`),
        Timeout: 4,
        Environment: { Variables: { TABLE_NAME: table, ...Environment } },
        ...properties,
      },
    },
  };
}

const permission = (functionId: string, Principal: string, SourceArn: unknown): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { Action: 'lambda:InvokeFunction', FunctionName: arnOf(functionId), Principal, SourceArn },
});

const readsQueue = (queue: string) =>
  allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], arnOf(queue));

export function dataTemplate(): Template {
  const key = (name: string, KeyType: string) => ({ AttributeName: name, KeyType });
  return {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'fixture',
          KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
          AttributeDefinitions: ['pk', 'sk', 'duePk', 'dueAt'].map((AttributeName) => ({
            AttributeName,
            AttributeType: 'S',
          })),
          BillingMode: 'PAY_PER_REQUEST',
          GlobalSecondaryIndexes: [
            {
              IndexName: 'due',
              KeySchema: [key('duePk', 'HASH'), key('dueAt', 'RANGE')],
              Projection: { ProjectionType: 'ALL' },
            },
          ],
          StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
        },
      },
    },
    Outputs: {
      Name: { Value: { Ref: 'Table' }, Export: { Name: 'data:table' } },
      Arn: { Value: arnOf('Table'), Export: { Name: 'data:arn' } },
      Stream: { Value: { 'Fn::GetAtt': ['Table', 'StreamArn'] }, Export: { Name: 'data:stream' } },
    },
  };
}

export function deskTemplate(): Template {
  const streamActions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
  return {
    Resources: {
      ...fn('Api', [allow(['dynamodb:PutItem'], tableArn), allow(['sqs:SendMessage'], arnOf('Work'))], {
        Environment: {
          WORK_URL: { Ref: 'Work' },
          TOPIC_ARN: { Ref: 'Topic' },
          ORIGIN: 'http://localhost:4000',
        },
      }),
      ...fn(
        'Outbox',
        [
          allow(
            streamActions.map((action) => `dynamodb:${action}`),
            streamArn,
          ),
          allow(['sns:Publish'], { Ref: 'Topic' }),
        ],
        { Environment: { TOPIC_ARN: { Ref: 'Topic' } } },
      ),
      ...fn('Worker', [
        readsQueue('Work'),
        allow(['dynamodb:PutItem'], tableArn),
        { Effect: 'Allow', Action: 'sns:Publish', NotResource: 'arn:aws:sns:*:*:*' },
        allow(['sms-voice:SendTextMessage'], '*'),
      ]),
      ...fn('Status', [allow(['dynamodb:PutItem'], tableArn)]),
      Work: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'work',
          VisibilityTimeout: 20,
          RedrivePolicy: { deadLetterTargetArn: arnOf('Dead'), maxReceiveCount: 2 },
        },
      },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work-dead' } },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'events' } },
      WorkPolicy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Work' }],
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sqs:SendMessage',
                Resource: arnOf('Work'),
                Principal: { Service: 'sns.amazonaws.com' },
                Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'Topic' } } },
              },
            ],
          },
        },
      },
      ToWork: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: arnOf('Work'),
          RawMessageDelivery: true,
          FilterPolicy: { kind: ['work'] },
        },
      },
      ToMail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'desk@fixture.example' },
      },
      Stream: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: streamArn,
          FunctionName: { Ref: 'Outbox' },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          FilterCriteria: {
            Filters: [{ Pattern: '{"dynamodb":{"NewImage":{"outbox":{"S":[{"exists":true}]}}}}' }],
          },
        },
      },
      Works: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: arnOf('Work'),
          FunctionName: { Ref: 'Worker' },
          BatchSize: 1,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Failures: {
        Type: 'AWS::Logs::LogGroup',
        Properties: {
          LogGroupName: {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
            'Fn::Sub': 'sns/${AWS::Region}/${AWS::AccountId}/DirectPublishToPhoneNumber/Failure',
          },
        },
      },
      ToStatus: {
        Type: 'AWS::Logs::SubscriptionFilter',
        Properties: { LogGroupName: { Ref: 'Failures' }, DestinationArn: arnOf('Status'), FilterPattern: '' },
      },
      ToStatusPermission: permission('Status', 'logs.amazonaws.com', arnOf('Failures')),
      Http: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: { Ref: 'Http' },
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: arnOf('Api'),
          PayloadFormatVersion: '2.0',
        },
      },
      Route: {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Http' },
          RouteKey: '$default',
          Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
        },
      },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: { Ref: 'Http' }, StageName: '$default' },
      },
      ApiPermission: permission('Api', 'apigateway.amazonaws.com', {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
        'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Http}/*/*',
      }),
    },
  };
}

/** Functions that speak AWS's protocols themselves, over the one way out that the local cloud watches. */
const calls = `
import http from 'node:http';
const agent = new http.Agent({ keepAlive: true });
const call = (url, headers, text) => new Promise((done, failed) => {
  const { hostname, port } = new URL(url);
  const request = http.request({ host: hostname, port, method: 'POST', agent, headers: { ...headers, authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=x' } }, (response) => {
    let body = ''; response.on('data', (chunk) => { body += chunk; }).on('end', () => done({ status: response.statusCode, date: response.headers.date, body }));
  });
  request.on('error', failed); request.end(text);
});
export const dynamo = (action, body) => call(process.env.AWS_ENDPOINT_URL_DYNAMODB, { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.' + action }, JSON.stringify(body));
export const sqs = (action, body) => call(process.env.AWS_ENDPOINT_URL, { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.' + action }, JSON.stringify(body));
export const sns = (form) => call(process.env.AWS_ENDPOINT_URL, { 'content-type': 'application/x-www-form-urlencoded' }, new URLSearchParams(form).toString());
export const put = (item) => dynamo('PutItem', { TableName: process.env.TABLE_NAME, Item: Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }])) });
`;

const code: Record<string, string> = {
  api: `${calls}
export const handler = async (event, context) => {
  const wanted = event.body ? JSON.parse(event.body) : {};
  const results = [];
  for (const item of wanted.put ?? []) results.push(await put(item));
  for (const [action, body] of wanted.dynamo ?? []) results.push(await dynamo(action, { TableName: process.env.TABLE_NAME, ...body }));
  for (const [body, delay] of wanted.send ?? []) results.push(await sqs('SendMessage', { QueueUrl: process.env.WORK_URL, MessageBody: JSON.stringify(body), DelaySeconds: delay }));
  for (const form of wanted.sns ?? []) results.push(await sns(form));
  if (wanted.hang) await new Promise(() => {});
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ event, results, now: new Date().toISOString(), env: process.env, left: context.getRemainingTimeInMillis() }) };
};`,
  outbox: `${calls}
export const handler = async ({ Records }) => {
  for (const { dynamodb } of Records) {
    const image = dynamodb.NewImage;
    await sns({ Action: 'Publish', TopicArn: process.env.TOPIC_ARN, Subject: 'Work', Message: image.outbox.S, 'MessageAttributes.entry.1.Name': 'kind', 'MessageAttributes.entry.1.Value.DataType': 'String', 'MessageAttributes.entry.1.Value.StringValue': image.kind?.S ?? 'work' });
  }
  return { batchItemFailures: [] };
};`,
  // What it did is written where a test can see it: as an SMS.
  worker: `${calls}
export const handler = async ({ Records }) => {
  const failures = [];
  for (const { body, messageId } of Records) {
    const work = JSON.parse(body);
    if (work.fail) failures.push({ itemIdentifier: messageId });
    else if (work.throw) throw new Error('told to');
    else await sns({ Action: 'Publish', PhoneNumber: work.to ?? '+12025550101', Message: (work.text ?? 'done') + ' ' + new Date().toISOString() });
  }
  return { batchItemFailures: failures };
};`,
  status: `${calls}
import { gunzipSync } from 'node:zlib';
export const handler = async ({ awslogs }) => {
  const { logEvents } = JSON.parse(gunzipSync(Buffer.from(awslogs.data, 'base64')));
  for (const { message } of logEvents) {
    const { delivery, status } = JSON.parse(message);
    await put({ pk: 'failure', sk: delivery.destination, outbox: JSON.stringify({ text: status + ': ' + delivery.providerResponse }) });
  }
};`,
};

export interface Fixture {
  readonly dir: string;
  remove(): void;
}

/** Writes the assembly; `change` may spoil its templates first. */
export function writeFixture(change: (data: Template, desk: Template) => void = () => {}): Fixture {
  const dir = mkdtempSync(join(tmpdir(), 'nightdesk-fixture-'));
  const [data, desk] = [dataTemplate(), deskTemplate()];
  change(data, desk);
  const write = (name: string, content: unknown) => writeFileSync(join(dir, name), JSON.stringify(content));
  const stack = (name: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile: `${name}.template.json` },
  });
  write('manifest.json', {
    artifacts: {
      data: stack('data'),
      desk: stack('desk'),
      'desk.assets': { type: 'cdk:asset-manifest', properties: { file: 'desk.assets.json' } },
    },
  });
  write('data.template.json', data);
  write('desk.template.json', desk);
  const names = Object.keys(code);
  write('desk.assets.json', {
    files: Object.fromEntries(
      names.map((name) => [
        name,
        { source: { path: name }, destinations: { here: { objectKey: `${name}.zip` } } },
      ]),
    ),
  });
  for (const name of names) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'index.mjs'), code[name] ?? '');
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
