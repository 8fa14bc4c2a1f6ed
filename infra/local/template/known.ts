import { CannotStart } from '../words.ts';
import type { Resolved } from './resolve.ts';

/**
 * The resource types and properties that the local cloud acts on or may pass over. Whatever is not listed stops
 * the start: what is ignored in silence would work here and fail in the cloud, or the other way round.
 */
const known: Readonly<Record<string, { readonly acted: string; readonly passed?: string }>> = {
  'AWS::DynamoDB::Table': {
    acted: 'TableName KeySchema AttributeDefinitions BillingMode GlobalSecondaryIndexes StreamSpecification',
    // DynamoDB Local deletes nothing at its TTL, which is as good as late.
    passed:
      'TimeToLiveSpecification PointInTimeRecoverySpecification DeletionProtectionEnabled SSESpecification Tags',
  },
  'AWS::S3::Bucket': {
    acted: 'BucketName',
    passed:
      'BucketEncryption LifecycleConfiguration OwnershipControls PublicAccessBlockConfiguration VersioningConfiguration Tags',
  },
  'AWS::S3::BucketPolicy': { acted: '', passed: 'Bucket PolicyDocument' },
  'AWS::SQS::Queue': {
    acted: 'QueueName VisibilityTimeout DelaySeconds RedrivePolicy MessageRetentionPeriod MaximumMessageSize',
    passed: 'SqsManagedSseEnabled ReceiveMessageWaitTimeSeconds RedriveAllowPolicy Tags',
  },
  'AWS::SQS::QueuePolicy': { acted: 'Queues PolicyDocument' },
  'AWS::SNS::Topic': { acted: 'TopicName DisplayName', passed: 'Tags' },
  'AWS::SNS::TopicPolicy': { acted: 'Topics PolicyDocument' },
  'AWS::SNS::Subscription': {
    acted: 'TopicArn Protocol Endpoint FilterPolicy FilterPolicyScope RawMessageDelivery',
  },
  'AWS::Lambda::Function': {
    acted:
      'FunctionName Code Handler Role Environment Timeout MemorySize ReservedConcurrentExecutions DeadLetterConfig LoggingConfig Runtime',
    passed: 'Architectures Description TracingConfig Tags',
  },
  'AWS::Lambda::EventInvokeConfig': {
    acted: 'FunctionName MaximumEventAgeInSeconds MaximumRetryAttempts',
    passed: 'Qualifier',
  },
  'AWS::Lambda::EventSourceMapping': {
    acted:
      'EventSourceArn FunctionName BatchSize FunctionResponseTypes FilterCriteria BisectBatchOnFunctionError MaximumRetryAttempts ParallelizationFactor ScalingConfig',
    // The stream is always read on from where it was left, and from its oldest record before that.
    passed: 'StartingPosition Enabled Tags',
  },
  'AWS::Lambda::Permission': { acted: 'Action FunctionName Principal SourceArn', passed: 'SourceAccount' },
  'AWS::IAM::Role': {
    acted: 'RoleName Policies ManagedPolicyArns',
    passed: 'AssumeRolePolicyDocument Description Tags',
  },
  'AWS::IAM::Policy': { acted: 'Roles PolicyDocument', passed: 'PolicyName' },
  'AWS::Events::Rule': {
    acted: 'Name ScheduleExpression Targets State',
    passed: 'Description Tags',
  },
  'AWS::Logs::LogGroup': { acted: 'LogGroupName', passed: 'RetentionInDays Tags' },
  'AWS::Logs::SubscriptionFilter': {
    acted: 'LogGroupName DestinationArn FilterPattern',
    passed: 'FilterName',
  },
  'AWS::ApiGatewayV2::Api': { acted: 'ProtocolType CorsConfiguration', passed: 'Name Description Tags' },
  'AWS::ApiGatewayV2::Integration': {
    acted: 'ApiId IntegrationType IntegrationUri PayloadFormatVersion TimeoutInMillis',
  },
  'AWS::ApiGatewayV2::Route': { acted: 'ApiId RouteKey Target AuthorizationType' },
  'AWS::ApiGatewayV2::Stage': {
    acted: 'ApiId StageName DefaultRouteSettings RouteSettings',
    passed: 'AutoDeploy AccessLogSettings Tags',
  },
};

/** Types of which nothing runs: they watch, or describe. */
const watching = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Logs::MetricFilter',
  'AWS::CDK::Metadata',
];

/** Stops, in words, at a resource or a property that the local cloud does not know. */
export function refuseUnknown(resources: readonly Resolved[]): void {
  for (const { type, id, properties } of resources) {
    if (watching.includes(type)) continue;
    const entry = known[type];
    if (!entry)
      throw new CannotStart(
        `The local cloud does not know ${type} (${id}): see infra/local/template/known.ts.`,
      );
    const names = `${entry.acted} ${entry.passed ?? ''}`.split(' ');
    const unknown = Object.keys(properties).find((property) => !names.includes(property));
    if (unknown) {
      throw new CannotStart(
        `The local cloud does not know ${unknown} of ${type} (${id}): see infra/local/template/known.ts.`,
      );
    }
  }
}
