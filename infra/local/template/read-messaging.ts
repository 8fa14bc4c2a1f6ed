import { list, type RawStatement, statementsOf } from '../iam/policies.ts';
import { CannotStart } from '../words.ts';
import type { QueuePlan, SubscriptionPlan } from './plan.ts';
import type { ResourceSet } from './read-plan.ts';

/** The queues, with their attributes as SQS has them. */
export function readQueues(template: ResourceSet): QueuePlan[] {
  const attributes = [
    'VisibilityTimeout',
    'DelaySeconds',
    'MessageRetentionPeriod',
    'MaximumMessageSize',
    'RedrivePolicy',
  ];
  return template.of('AWS::SQS::Queue').map(({ name, properties }) => ({
    name,
    arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    attributes: Object.fromEntries(
      attributes.flatMap((attribute) => {
        const value = properties[attribute];
        if (value === undefined) return [];
        return [[attribute, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
      }),
    ),
  }));
}

/** The subscriptions of topics, each checked to be one that would deliver. */
export function readSubscriptions(template: ResourceSet): SubscriptionPlan[] {
  return template.of('AWS::SNS::Subscription').map(({ id, properties }) => {
    const { TopicArn, Protocol, Endpoint, FilterPolicy, FilterPolicyScope, RawMessageDelivery } = properties;
    if (Protocol !== 'sqs' && Protocol !== 'email') {
      throw new CannotStart(
        `Subscription ${id}: the local cloud delivers to sqs and email, not ${Protocol}.`,
      );
    }
    const subscription: SubscriptionPlan = {
      topicArn: String(TopicArn),
      protocol: Protocol,
      endpoint: String(Endpoint),
      attributes: {
        ...(FilterPolicy !== undefined && { FilterPolicy: JSON.stringify(FilterPolicy) }),
        ...(FilterPolicyScope !== undefined && { FilterPolicyScope: String(FilterPolicyScope) }),
        ...(RawMessageDelivery === true && { RawMessageDelivery: 'true' }),
      },
    };
    if (Protocol === 'sqs' && !mayDeliver(template, subscription)) {
      throw new CannotStart(
        `No queue policy lets topic ${subscription.topicArn} send to ${subscription.endpoint} (subscription ${id}).`,
      );
    }
    return subscription;
  });
}

function mayDeliver(template: ResourceSet, { topicArn, endpoint }: SubscriptionPlan): boolean {
  const queue = endpoint.split(':').at(-1);
  return template
    .of('AWS::SQS::QueuePolicy')
    .filter(({ properties }) => (properties.Queues as string[]).some((url) => url.endsWith(`/${queue}`)))
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument))
    .some(
      (statement) =>
        statement.Effect === 'Allow' &&
        allowsService(statement, 'sns.amazonaws.com') &&
        list(statement.Action).some((action) => ['sqs:SendMessage', 'sqs:*'].includes(action)) &&
        list(statement.Resource).some((resource) => resource === endpoint || resource === '*') &&
        fromSource(statement, topicArn),
    );
}

function allowsService({ Principal }: RawStatement, service: string): boolean {
  if (Principal === '*') return true;
  return typeof Principal === 'object' && list(Principal.Service).includes(service);
}

function fromSource({ Condition }: RawStatement, arn: string): boolean {
  const sources = Object.values(Condition ?? {}).flatMap((keys) =>
    list(keys['aws:SourceArn'] as string | undefined),
  );
  return sources.length === 0 || sources.includes(arn);
}

/** The topic to which AWS End User Messaging may publish: the two-way topic of the number. */
export function smsInboundTopic(template: ResourceSet): string | null {
  const policy = template
    .of('AWS::SNS::TopicPolicy')
    .find(({ properties }) =>
      statementsOf(properties.PolicyDocument).some(
        (statement) =>
          statement.Effect === 'Allow' &&
          allowsService(statement, 'sms-voice.amazonaws.com') &&
          list(statement.Action).includes('sns:Publish'),
      ),
    );
  return (policy?.properties.Topics as string[] | undefined)?.[0] ?? null;
}
