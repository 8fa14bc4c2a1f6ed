import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DeskAlarm } from './desk-alarm.ts';
import { type DeskContext, named } from './desk-context.ts';
import { DeskFunction } from './desk-function.ts';

/**
 * Looks ahead: who can be reached in the nights to come, drills, and that the desk's next opening has its timer. Why by a
 * rule: decisions/0008-coverage-by-a-rule.md.
 */
export class Coverage extends Construct {
  readonly fn: DeskFunction;

  constructor(scope: Construct, id: string, { desk }: { desk: DeskContext }) {
    super(scope, id);
    const { config } = desk;
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'check-coverage',
      description:
        'Every five minutes: the daily check of the coverage, and drills, where they are due; the timer of the next opening.',
      timeout: Duration.seconds(30),
      wildcards:
        'sns:CheckIfPhoneNumberIsOptedOut takes no resource; sms-voice:DescribeOptedOutNumbers is what SNS calls in our name, and is granted through SNS alone (aws:CalledViaLast).',
      asynchronous: {
        // The next run, five minutes later, does what this one did not.
        retries: 0,
        maxAge: Duration.minutes(5),
        impact: 'The coverage was not checked: a night with nobody on call may go unnoticed.',
        runbook: 'coverage',
      },
    })
      .grantTable(['GetItem', 'Query', 'PutItem'])
      .grant(['sns:CheckIfPhoneNumberIsOptedOut'], ['*']);
    this.fn.lambda.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['sms-voice:DescribeOptedOutNumbers'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:CalledViaLast': 'sns.amazonaws.com' } },
      }),
    );
    new DeskAlarm(this, 'NoCheck', {
      config,
      name: 'check-coverage-silent',
      metric: this.fn.lambda.metricInvocations({ period: Duration.minutes(15), statistic: 'Sum' }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      silenceIsBad: true,
      impact: 'The coverage is not checked any more: a night with nobody on call may go unnoticed.',
      runbook: 'coverage',
    });
    new Rule(this, 'EachFiveMinutes', {
      ruleName: named(config, 'check-coverage'),
      description: 'Checks the coverage of the nights to come.',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaTarget(this.fn.lambda, { retryAttempts: 0, maxEventAge: Duration.minutes(5) })],
    });
  }
}
