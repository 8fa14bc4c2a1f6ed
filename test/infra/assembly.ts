import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { buildApp } from '../../infra/app.ts';
import { loadConfig, parseConfig, type StageConfig } from '../../infra/config.ts';
import { bundles } from './bundles.ts';

/** Production with all that a stage can have: what the tests look at unless they compare stages. */
export const fullStage = parseConfig({
  ...loadConfig('prod', {}),
  publicUrl: 'https://desk.provider.example',
  linkUrl: 'https://nd.example',
  originationNumber: '+12025550100',
  smsSpendQuotaUsd: 200,
  deskAlertEmails: ['desk@provider.example'],
  corsOrigins: ['https://console.partner.example'],
  alarmTopicArn: 'arn:aws:sns:eu-central-1:111122223333:operations',
});

interface CfnResource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are read by many shapes; a wrong path shows as undefined
  Properties: any;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string[];
}

export interface Synthesized {
  readonly data: Template;
  readonly desk: Template;
  readonly manifest: { missing?: unknown; artifacts: Record<string, { type: string; properties?: unknown }> };
  /** Resources of the desk stack by type, each with its logical id. */
  readonly all: (type: string) => (CfnResource & { id: string })[];
  /** One resource of the desk stack by logical id. */
  readonly resource: (id: string) => CfnResource;
}

const synthesized = new Map<string | StageConfig, Synthesized>();

/** The templates of a stage, synthesized once a test process. */
export function synthesize(stage: string | StageConfig): Synthesized {
  const known = synthesized.get(stage) ?? synthesizeAnew(stage);
  synthesized.set(stage, known);
  return known;
}

/** In this process, in a directory that is gone afterwards. */
function synthesizeAnew(stage: string | StageConfig): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'nightdesk-infra-test-'));
  try {
    const { app, config } = buildApp({ stage, validate: false, bundles: bundles(), outdir });
    app.synth();
    const read = (name: string) => JSON.parse(readFileSync(join(outdir, name), 'utf8'));
    const data = Template.fromJSON(read(`nightdesk-${config.stage}-data.template.json`));
    const desk = Template.fromJSON(read(`nightdesk-${config.stage}-desk.template.json`));
    const resources = desk.toJSON().Resources as Record<string, CfnResource>;
    return {
      data,
      desk,
      manifest: read('manifest.json'),
      all: (type) =>
        Object.entries(resources)
          .filter(([, resource]) => resource.Type === type)
          .map(([id, resource]) => ({ id, ...resource })),
      resource: (id) => {
        const found = resources[id];
        if (!found) throw new Error(`The desk stack has no resource ${id}.`);
        return found;
      },
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The name that a person would call what an ARN in the template stands for. */
export function readable(arn: unknown, { resource }: Pick<Synthesized, 'resource'>): string {
  if (typeof arn === 'string') return arn;
  const [intrinsic, value] = Object.entries(arn as Record<string, unknown>)[0] ?? [];
  if (intrinsic === 'Fn::ImportValue') {
    if (/Stream/.test(String(value))) return 'stream';
    if (/Table/.test(String(value))) return 'table';
  }
  if (intrinsic === 'Fn::Join') {
    const [, parts] = value as [string, unknown[]];
    return parts.map((part) => readable(part, { resource })).join('');
  }
  if (intrinsic === 'Ref' || intrinsic === 'Fn::GetAtt') {
    const id = intrinsic === 'Ref' ? String(value) : String((value as string[])[0]);
    if (id.startsWith('AWS::')) return `<${id}>`;
    const { Properties: properties } = resource(id);
    const name =
      properties.QueueName ?? properties.TopicName ?? properties.LogGroupName ?? properties.FunctionName;
    if (name !== undefined) return readable(name, { resource }).replace(/^nightdesk-[a-z]+-/, '');
  }
  throw new Error(`No readable name for ${JSON.stringify(arn)}`);
}
