import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';
import { counted, DeskAlarm } from './desk-alarm.ts';
import type { DeskContext } from './desk-context.ts';
import { DeskFunction, decides } from './desk-function.ts';

/**
 * What SNS could not deliver. Publish accepts opted-out and bad numbers and messages past the spend quota; only
 * the delivery log says so. SNS has one such log an account and Region, under a name that AWS fixes:
 * https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html. So it belongs to the one stage that is
 * `smsOwner`; that SNS writes it is switched on by hand, once, with the role made here (README, "The delivery log").
 */
export class SmsStatus extends Construct {
  readonly fn: DeskFunction;
  /** The role with which SNS writes its delivery log. */
  readonly deliveryLogRole: Role;

  constructor(scope: Construct, id: string, { desk }: { desk: DeskContext }) {
    super(scope, id);
    const { config } = desk;
    const name = `sns/${Aws.REGION}/${Aws.ACCOUNT_ID}/DirectPublishToPhoneNumber`;
    const failures = new LogGroup(this, 'Failures', {
      logGroupName: `${name}/Failure`,
      // It is read as it is written, and names whole phone numbers.
      retention: RetentionDays.ONE_WEEK,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const streams = ['', '/Failure'].map(
      (which) => `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${name}${which}:*`,
    );
    this.deliveryLogRole = new Role(this, 'DeliveryLogRole', {
      // Without a condition on the account: AWS documents none for this log, and refused SNS would say nothing. Only who
      // may pass a role of this account can hand it to SNS.
      assumedBy: new ServicePrincipal('sns.amazonaws.com'),
      description: `nightdesk ${config.stage}: SNS writes its SMS delivery log`,
      inlinePolicies: {
        DeliveryLog: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: [
                'logs:CreateLogGroup',
                'logs:CreateLogStream',
                'logs:PutLogEvents',
                'logs:PutMetricFilter',
                'logs:PutRetentionPolicy',
              ],
              resources: streams,
            }),
          ],
        }),
      },
    });
    for (const which of ['', '/Failure']) {
      Validations.of(this.deliveryLogRole).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/<AWS::Region>/<AWS::AccountId>/DirectPublishToPhoneNumber${which}:*]`,
        reason:
          'SNS names the log streams itself; the wildcard stands for the streams of this one log group.',
      });
    }

    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'sms-status',
      description: 'Turns what SNS could not deliver into failed pages.',
      timeout: Duration.seconds(10),
      asynchronous: {
        retries: 2,
        maxAge: Duration.hours(1),
        impact:
          'A page that SNS could not deliver was not marked as failed: the next level waits its full time.',
        runbook: 'sms',
      },
    }).grantTable([...decides, 'BatchGetItem']);
    failures.addSubscriptionFilter('ToSmsStatus', {
      destination: new LambdaDestination(this.fn.lambda),
      filterPattern: FilterPattern.allEvents(),
    });

    new DeskAlarm(this, 'NotDelivered', {
      config,
      name: 'pages-not-delivered',
      // Carriers may take minutes to say so, each time before the next level is paged.
      metric: counted('sms-status', 'PagesNotDelivered', Duration.minutes(15)),
      threshold: 3,
      impact: 'SNS took pages and did not deliver them: the people on call may not know of an emergency.',
      runbook: 'sms',
    });
    if (config.smsSpendQuotaUsd !== undefined) {
      new DeskAlarm(this, 'Spend', {
        config,
        name: 'sms-spend',
        metric: new Metric({
          namespace: 'AWS/SNS',
          metricName: 'SMSMonthToDateSpentUSD',
          period: Duration.minutes(5),
          statistic: 'Maximum',
        }),
        threshold: 0.8 * config.smsSpendQuotaUsd,
        impact:
          'Four fifths of the monthly SMS quota are spent: at the quota every page is silently dropped.',
        runbook: 'sms',
      });
    }
  }
}
