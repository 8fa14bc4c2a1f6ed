import { CannotStart } from '../words.ts';

export const account = '000000000000';
export const region = 'us-east-1';

/** Where things answer on this machine; what a template's references to them turn into. */
export interface Places {
  queueUrl(queueName: string): string;
  /** The address of the HTTP API. */
  readonly apiEndpoint: string;
}

interface Identity {
  /** The physical name. */
  readonly name: string;
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, string>>;
}

const arn = (service: string, resource: string, inRegion = region, of = account) =>
  `arn:aws:${service}:${inRegion}:${of}:${resource}`;

/** The property that names a resource of this type; null for those that have no name of their own. */
const nameProperty: Readonly<Record<string, string | null>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Events::Rule': 'Name',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::ApiGatewayV2::Api': null,
  'AWS::ApiGatewayV2::Integration': null,
  'AWS::ApiGatewayV2::Route': null,
  'AWS::CloudWatch::Alarm': 'AlarmName',
};

/** Whether resources of this type can be referred to. */
export const hasIdentity = (type: string): boolean => type in nameProperty;

/** The property in which a resource of this type is given its name. */
export const namedBy = (type: string): string | null => nameProperty[type] ?? null;

/** The name, `Ref` and attributes of a resource, as CloudFormation would have them. */
export function identify(type: string, name: string, places: Places): Identity {
  const identity = (ref: string, attributes: Record<string, string>): Identity => ({ name, ref, attributes });
  switch (type) {
    case 'AWS::DynamoDB::Table': {
      const Arn = arn('dynamodb', `table/${name}`);
      return identity(name, { Arn, StreamArn: `${Arn}/stream/local` });
    }
    case 'AWS::SQS::Queue':
      return identity(places.queueUrl(name), {
        Arn: arn('sqs', name),
        QueueName: name,
        QueueUrl: places.queueUrl(name),
      });
    case 'AWS::SNS::Topic':
      return identity(arn('sns', name), { TopicArn: arn('sns', name), TopicName: name });
    case 'AWS::Lambda::Function':
      return identity(name, { Arn: arn('lambda', `function:${name}`) });
    case 'AWS::IAM::Role':
      return identity(name, { Arn: arn('iam', `role/${name}`, ''), RoleId: name });
    case 'AWS::Logs::LogGroup':
      return identity(name, { Arn: arn('logs', `log-group:${name}:*`) });
    case 'AWS::Events::Rule':
      return identity(name, { Arn: arn('events', `rule/${name}`) });
    case 'AWS::S3::Bucket':
      return identity(name.toLowerCase(), { Arn: arn('s3', name.toLowerCase(), '', '') });
    case 'AWS::CloudWatch::Alarm':
      return identity(name, { Arn: arn('cloudwatch', `alarm:${name}`) });
    case 'AWS::ApiGatewayV2::Api':
      return identity(name, { ApiId: name, ApiEndpoint: places.apiEndpoint });
    case 'AWS::ApiGatewayV2::Integration':
    case 'AWS::ApiGatewayV2::Route':
      return identity(name, {});
    default:
      throw new CannotStart(`The local cloud does not know what to call a ${type}.`);
  }
}
