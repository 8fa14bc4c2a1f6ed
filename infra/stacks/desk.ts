import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Coverage } from '../constructs/coverage.ts';
import { DeskApi } from '../constructs/desk-api.ts';
import { DeskConsole } from '../constructs/desk-console.ts';
import type { DeskContext } from '../constructs/desk-context.ts';
import { DeskDocs } from '../constructs/desk-docs.ts';
import { DeskEvents } from '../constructs/desk-events.ts';
import { DeskFunction } from '../constructs/desk-function.ts';
import { Followers } from '../constructs/followers.ts';
import { Outbox } from '../constructs/outbox.ts';
import { Paging } from '../constructs/paging.ts';
import { SmsInbound } from '../constructs/sms-inbound.ts';
import { SmsStatus } from '../constructs/sms-status.ts';
import { Timers } from '../constructs/timers.ts';
import { Webhooks } from '../constructs/webhooks.ts';

/** The desk: all that can be torn down and rebuilt over the data stack. */
export class DeskStack extends Stack {
  constructor(scope: Construct, id: string, desk: DeskContext) {
    const { config } = desk;
    super(scope, id, {
      description: `Nightdesk ${config.stage}: API, paging, timers, webhooks`,
      terminationProtection: config.protectData,
    });

    const api = new DeskApi(this, 'Api', { desk });
    const screens = new DeskConsole(this, 'Console', { desk, api });
    const docs = new DeskDocs(this, 'Docs', { desk, api });
    const events = new DeskEvents(this, 'Events', { config });
    const timers = new Timers(this, 'Timers', { desk });
    const outbox = new Outbox(this, 'Outbox', { desk, events, timers: timers.queue });
    const paging = new Paging(this, 'Paging', { desk, events });
    const followers = new Followers(this, 'Followers', { desk, events });
    const webhooks = new Webhooks(this, 'Webhooks', { desk, events });
    const coverage = new Coverage(this, 'Coverage', { desk });
    const inbound = config.originationNumber ? new SmsInbound(this, 'SmsInbound', { desk }) : undefined;
    const status = config.smsOwner ? new SmsStatus(this, 'SmsStatus', { desk }) : undefined;
    const setup = new DeskFunction(this, 'Setup', {
      desk,
      name: 'setup',
      description: 'Makes the first admin key, once. Invoked by `npm run setup`.',
      timeout: Duration.seconds(10),
    }).grantTable(['GetItem', 'PutItem']);

    const outputs: Record<string, string | undefined> = {
      ApiUrl: api.url,
      PublicUrl: api.publicUrl,
      DeskAlertsTopicArn: paging.alerts.topicArn,
      SmsInboundTopicArn: inbound?.topic.topicArn,
      SmsDeliveryLogRoleArn: status?.deliveryLogRole.roleArn,
      ApiFunctionName: api.fn.lambda.functionName,
      ConsoleFunctionName: screens.fn.lambda.functionName,
      DocsFunctionName: docs.fn.lambda.functionName,
      OutboxFunctionName: outbox.fn.lambda.functionName,
      PageOnCallFunctionName: paging.fn.lambda.functionName,
      SmsInboundFunctionName: inbound?.fn.lambda.functionName,
      SmsStatusFunctionName: status?.fn.lambda.functionName,
      TimerFunctionName: timers.timer.lambda.functionName,
      SweepFunctionName: timers.sweep.lambda.functionName,
      FollowFunctionName: followers.fn.lambda.functionName,
      SpreadEventFunctionName: webhooks.spread.lambda.functionName,
      CheckCoverageFunctionName: coverage.fn.lambda.functionName,
      DeliverWebhookFunctionName: webhooks.fn.lambda.functionName,
      WebhookLineFunctionName: webhooks.line.lambda.functionName,
      SetupFunctionName: setup.lambda.functionName,
    };
    for (const [name, value] of Object.entries(outputs)) {
      if (value !== undefined) new CfnOutput(this, name, { value });
    }
  }
}
