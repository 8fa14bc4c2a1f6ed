import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildApp } from '../../infra/app.ts';
import {
  ConfigError,
  loadConfig,
  missingForDeployment,
  parseConfig,
  stageNames,
} from '../../infra/config.ts';
import { fullStage } from './assembly.ts';
import { bundles } from './bundles.ts';

describe('a stage’s configuration', () => {
  test.each(stageNames)('stage %s is complete and valid', (stage) => {
    expect(loadConfig(stage, {}).stage).toBe(stage);
  });

  test.each(['staging', 'constructor', ''])('an unknown stage (%j) is refused in words', (stage) => {
    expect(() => loadConfig(stage, {})).toThrow(ConfigError);
    expect(() => loadConfig(stage, {})).toThrow(
      /There is no stage ".*"\. infra\/config\.ts has: local, dev, prod/,
    );
  });

  test('stage local lives where PORT says, and its webhooks may go to its own receiver there', () => {
    expect(loadConfig('local', { PORT: '4999' })).toMatchObject({
      publicUrl: 'http://localhost:4999',
      linkUrl: 'http://localhost:4999',
      webhookLocalOrigin: 'http://localhost:4999',
    });
    expect(loadConfig('local', {}).publicUrl).toBe('http://localhost:4000');
  });

  test('no stage but local has an origin outside the address rule', () => {
    const others = stageNames.filter((stage) => stage !== 'local');
    expect(others.map((stage) => loadConfig(stage, {}).webhookLocalOrigin)).toEqual(
      others.map(() => undefined),
    );
  });

  test('production protects its data and keeps capacity for what pages people', () => {
    const { protectData, reservedConcurrency } = loadConfig('prod', {});
    expect(protectData).toBe(true);
    expect(Object.keys(reservedConcurrency ?? {})).toEqual(['outbox', 'pageOnCall', 'timer']);
  });

  test.each([
    ['a number that is no number', { originationNumber: '555' }, /phone number such as/],
    ['an open local origin', { webhookLocalOrigin: 'http://0.0.0.0:1' }, /webhookLocalOrigin/],
    ['a link address with a path', { linkUrl: 'https://desk.example/go' }, /linkUrl/],
    ['a link address too long for an SMS', { linkUrl: `https://${'d'.repeat(40)}.example` }, /linkUrl/],
    ['any origin for scripts', { corsOrigins: ['*'] }, /corsOrigins/],
    ['an origin with a path', { corsOrigins: ['https://console.example/app'] }, /origin such as/],
    ['an origin without TLS', { corsOrigins: ['http://console.example'] }, /origin such as/],
    ['a limit that admits nothing', { rateLimits: { requests: 0, tickets: 1 } }, /rateLimits/],
    ['a misspelt setting', { orignationNumber: '+12025550100' }, /orignationNumber/],
    ['an address that is none', { deskAlertEmails: ['nobody'] }, /deskAlertEmails/],
  ])('%s is refused with its name', (_, change, message) => {
    expect(() => parseConfig({ ...loadConfig('dev', {}), ...change })).toThrow(message);
  });
});

describe('before a stage that protects its data may be deployed', () => {
  const needed =
    'publicUrl, linkUrl, originationNumber, deskAlertEmails, alarmTopicArn, smsSpendQuotaUsd'.split(', ');

  test('it has all that pages, answers and alarms need', () => {
    expect(missingForDeployment(fullStage)).toEqual([]);
    const { smsSpendQuotaUsd: _, ...noQuota } = fullStage;
    expect(missingForDeployment(noQuota)).toEqual(['smsSpendQuotaUsd']);
    expect(missingForDeployment({ ...noQuota, smsOwner: false })).toEqual([]);
    expect(missingForDeployment({ ...fullStage, deskAlertEmails: [] })).toEqual(['deskAlertEmails']);
    for (const stage of ['dev', 'local']) expect(missingForDeployment(loadConfig(stage, {}))).toEqual([]);
    expect(missingForDeployment(loadConfig('prod', {}))).toEqual(needed);
  });

  test('with an account it is refused in one sentence that names what to set and where', () => {
    const build = () => buildApp({ stage: 'prod', account: '111122223333' });
    expect(build).toThrow(ConfigError);
    expect(build).toThrow(
      `Stage prod cannot be deployed yet: set ${needed.join(', ')} of "prod" in infra/config.ts (README, "Deploy it to AWS").`,
    );
  });

  test('without an account it can be looked at, and the synthesis warns', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'nightdesk-not-ready-'));
    try {
      const { desk } = buildApp({ stage: 'prod', validate: false, bundles: bundles(), outdir });
      const warnings = desk.node.metadata.filter(({ type }) => type === 'aws:cdk:warning');
      expect(warnings.map(({ data }) => data)).toEqual([expect.stringContaining('alarmTopicArn')]);
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });
});
