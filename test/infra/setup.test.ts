import type { InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, test } from 'vitest';
import { setUp } from '../../infra/setup.ts';

const answers = (payload: unknown, FunctionError?: string) => async (_: InvokeCommand) => ({
  Payload: new TextEncoder().encode(JSON.stringify(payload)) as never,
  FunctionError,
});
const throws =
  (name: string, message = '') =>
  async () => {
    throw Object.assign(new Error(message), { name });
  };
const never = () => Promise.reject(new Error('must not be invoked'));

describe('npm run setup', () => {
  test('invokes the setup function of the stage with what was given, and shows the key once', async () => {
    let asked: InvokeCommand | undefined;
    const outcome = await setUp(['--stage', 'prod', '--email', 'ada@provider.example'], (command) => {
      asked = command;
      return answers({ key: 'nd_k1_secret', staffId: 'stf_1' })(command);
    });
    expect(asked?.input).toMatchObject({
      FunctionName: 'nightdesk-prod-setup',
      Payload: '{"email":"ada@provider.example"}',
    });
    expect(outcome.ok).toBe(true);
    expect(outcome.lines.join('\n').match(/nd_k1_secret/g)).toHaveLength(1);
  });

  test.each([
    ['no stage', [], never, /Which stage\?/],
    ['an unknown stage', ['--stage', 'moon'], never, /no stage "moon"/],
    ['an unknown option', ['--stgae', 'prod'], never, /stgae/],
    ['done before', ['--stage', 'prod'], answers({ alreadySetUp: true }), /set up before/],
    [
      'not deployed',
      ['--stage', 'prod'],
      throws('ResourceNotFoundException'),
      /npx cdk deploy --all -c stage=prod/,
    ],
    ['no credentials', ['--stage', 'prod'], throws('CredentialsProviderError'), /no AWS credentials/],
    ['no Region', ['--stage', 'prod'], throws('Error', 'Region is missing'), /AWS_REGION/],
    ['no permission', ['--stage', 'prod'], throws('AccessDeniedException'), /lambda:InvokeFunction/],
    [
      'a crash',
      ['--stage', 'prod'],
      answers({ errorMessage: 'boom' }, 'Unhandled'),
      /failed: boom.*\/nightdesk\/prod\/setup/s,
    ],
    ['an answer of another version', ['--stage', 'prod'], answers({ hello: 1 }), /deploy again/],
  ])('%s: says so in words and fails', async (_, args, invoke, words) => {
    const outcome = await setUp(args, invoke);
    expect(outcome.ok).toBe(false);
    expect(outcome.lines.join('\n')).toMatch(words);
  });
});
