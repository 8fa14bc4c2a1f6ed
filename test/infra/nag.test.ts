import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, expect, test } from 'vitest';
import { buildApp } from '../../infra/app.ts';
import { fullStage } from './assembly.ts';
import { bundles } from './bundles.ts';

const outdir = mkdtempSync(join(tmpdir(), 'nightdesk-nag-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const everything = buildApp({ stage: fullStage, bundles: bundles(), outdir: join(outdir, 'everything') });

test('cdk-nag (AWS Solutions) and CloudFormation’s own schemas find nothing that is not acknowledged', () => {
  Validations.of(everything.app).addPlugins(new AwsSolutionsChecks(everything.app));
  expect(() => everything.app.synth()).not.toThrow();
});

test('the check would notice: a queue without TLS stops the synthesis', () => {
  const { app, desk } = buildApp({
    ...{ stage: fullStage, bundles: bundles(), validate: false },
    outdir: join(outdir, 'careless'),
  });
  new Queue(desk, 'Careless');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).toThrow(/validation/i);
});

test('what is acknowledged is this, each on its resource and with its reason', () => {
  const acknowledged = everything.app.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter((entry) => entry.type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap((entry) => Object.entries(entry.data as Record<string, string>))
      .map(([rule, reason]) => ({
        what: `${rule.replace('Annotation::AwsSolutions-', '')} ${construct.node.path.replace('nightdesk-prod-', '')}`,
        reason,
      })),
  );
  for (const { reason } of acknowledged) expect(reason.length).toBeGreaterThan(60);

  const log =
    'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:sns/<AWS::Region>/<AWS::AccountId>';
  expect(acknowledged.map(({ what }) => what).sort()).toEqual([
    'APIG4 desk/Api/Route',
    'APIG4 desk/Api/Route-acknowledgeEscalation',
    'APIG4 desk/Api/Route-cancelEscalation',
    'APIG4 desk/Api/Route-createTicket',
    'APIG4 desk/Api/Route-escalate',
    'APIG4 desk/Api/Route-getEscalation',
    'APIG4 desk/Api/Route-listEscalations',
    'APIG4 desk/Api/Route-passEscalation',
    'APIG4 desk/Api/Route-previewEscalation',
    'APIG4 desk/Api/Route-reportNotContacted',
    'APIG4 desk/Api/Route-resolveEscalation',
    'APIG4 desk/Api/Route-splitEscalation',
    'APIG4 desk/Console/Route-calendar',
    'APIG4 desk/Console/Route-link',
    'APIG4 desk/Console/Route-pager',
    'APIG4 desk/Docs/Route-inFolder',
    'APIG4 desk/Docs/Route-page',
    'APIG4 desk/Docs/Route-reference',
    'IAM5[Resource::*] desk/Api/Fn/Role',
    'IAM5[Resource::*] desk/Console/Fn/Role',
    'IAM5[Resource::*] desk/Coverage/Fn/Role',
    'IAM5[Resource::*] desk/Docs/Fn/Role',
    'IAM5[Resource::*] desk/Followers/Fn/Role',
    'IAM5[Resource::*] desk/Outbox/Fn/Role',
    'IAM5[Resource::*] desk/Paging/Fn/Role',
    'IAM5[Resource::*] desk/Setup/Role',
    'IAM5[Resource::*] desk/SmsInbound/Fn/Role',
    'IAM5[Resource::*] desk/SmsStatus/Fn/Role',
    'IAM5[Resource::*] desk/Timers/Sweep/Role',
    'IAM5[Resource::*] desk/Timers/Timer/Role',
    'IAM5[Resource::*] desk/Webhooks/Fn/Role',
    'IAM5[Resource::*] desk/Webhooks/Line/Role',
    'IAM5[Resource::*] desk/Webhooks/Spread/Role',
    `IAM5[Resource::${log}/DirectPublishToPhoneNumber/Failure:*] desk/SmsStatus/DeliveryLogRole`,
    `IAM5[Resource::${log}/DirectPublishToPhoneNumber:*] desk/SmsStatus/DeliveryLogRole`,
    'S1 data/Bucket',
    'SQS3 desk/Coverage/Fn/DeadLetters/Queue',
    'SQS3 desk/Followers/Queue/DeadLetters/Queue',
    'SQS3 desk/Outbox/Failures/Queue',
    'SQS3 desk/Paging/Pages/DeadLetters/Queue',
    'SQS3 desk/SmsInbound/Messages/DeadLetters/Queue',
    'SQS3 desk/SmsStatus/Fn/DeadLetters/Queue',
    'SQS3 desk/Timers/Due/DeadLetters/Queue',
    'SQS3 desk/Timers/Sweep/DeadLetters/Queue',
    'SQS3 desk/Webhooks/Deliveries/DeadLetters/Queue',
    'SQS3 desk/Webhooks/Events/DeadLetters/Queue',
    'SQS3 desk/Webhooks/Lines/DeadLetters/Queue',
  ]);
});
