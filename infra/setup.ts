import { parseArgs } from 'node:util';
import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { stageNames } from './config.ts';

const usage = `npm run setup -- --stage <${stageNames.join('|')}> [--name "Your name"] [--email you@provider.example]`;

/** What the setup function answers; the key is in the answer this once and nowhere else. */
const answer = z.union([
  z.object({ key: z.string(), staffId: z.string() }),
  z.object({ alreadySetUp: z.literal(true) }),
]);

type Invoke = (command: InvokeCommand) => Promise<Pick<InvokeCommandOutput, 'FunctionError' | 'Payload'>>;

/** What to tell the person at the terminal, and whether it went well. */
export interface Outcome {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** Makes the first admin key of a stage by invoking its setup function, once in the life of its table. */
export async function setUp(args: readonly string[], invoke: Invoke): Promise<Outcome> {
  let options: { stage?: string; name?: string; email?: string };
  try {
    options = parseArgs({
      args: [...args],
      options: { stage: { type: 'string' }, name: { type: 'string' }, email: { type: 'string' } },
    }).values;
  } catch (error) {
    return failed(`${error instanceof Error ? error.message : error}`, usage);
  }
  const { stage, ...admin } = options;
  if (!stage) return failed('Which stage?', usage);
  if (!stageNames.includes(stage)) return failed(`There is no stage "${stage}".`, usage);

  const name = `nightdesk-${stage}-setup`;
  let result: Awaited<ReturnType<Invoke>>;
  try {
    result = await invoke(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(admin) }));
  } catch (error) {
    return failed(...explain(error, name, stage));
  }
  const payload = new TextDecoder().decode(result.Payload);
  if (result.FunctionError) {
    const { errorMessage } = z.object({ errorMessage: z.string().optional() }).catch({}).parse(json(payload));
    return failed(
      `${name} failed: ${errorMessage ?? result.FunctionError}`,
      `Its log group is /nightdesk/${stage}/setup.`,
    );
  }
  const parsed = answer.safeParse(json(payload));
  if (!parsed.success) return failed(`${name} gave an answer that this script does not know: deploy again.`);
  if ('alreadySetUp' in parsed.data) {
    return failed(
      `Stage ${stage} was set up before; its first admin key was shown then, and cannot be shown again.`,
      'Whoever has it makes more with POST /v1/api-keys.',
    );
  }
  return {
    ok: true,
    lines: [
      `The first admin key of stage ${stage}. It is shown this once: keep it in a password manager.`,
      '',
      `  ${parsed.data.key}`,
      '',
      'What is still missing: GET /v1/setup with this key.',
    ],
  };
}

function failed(...lines: string[]): Outcome {
  return { ok: false, lines };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function explain(error: unknown, name: string, stage: string): string[] {
  const { name: kind, message } = error instanceof Error ? error : new Error(String(error));
  if (kind === 'ResourceNotFoundException') {
    return [
      `There is no function ${name} in this account and Region.`,
      `Deploy: npx cdk deploy --all -c stage=${stage}`,
    ];
  }
  if (kind === 'CredentialsProviderError') {
    return ['There are no AWS credentials.', 'Sign in (aws sso login, or AWS_PROFILE=…) and run this again.'];
  }
  if (message.includes('Region is missing'))
    return ['No AWS Region is set: AWS_REGION=… or the profile’s region.'];
  if (kind === 'AccessDeniedException')
    return [`These credentials may not invoke ${name} (lambda:InvokeFunction).`];
  return [`${name} could not be invoked. ${kind}: ${message}`];
}

if (import.meta.main) {
  const outcome = await setUp(process.argv.slice(2), async (command) => new LambdaClient().send(command));
  for (const line of outcome.lines) console.log(line);
  process.exitCode = outcome.ok ? 0 : 1;
}
