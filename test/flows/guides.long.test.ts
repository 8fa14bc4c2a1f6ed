import { expect, it } from 'vitest';
import { openDesk } from './desk.ts';
import { examples, hasPython, run } from './guide.ts';

const desk = openDesk('2026-11-24T03:10:00.000Z');

it('does what the guide for consoles says: its programs run as they stand, and tell genuine webhooks from forged', async () => {
  const url = `${desk.cloud.baseUrl}/docs/connect`;
  const languages = (['sh', 'ts', 'python'] as const).filter((each) => each !== 'python' || hasPython);
  const env = { NIGHTDESK_URL: desk.cloud.baseUrl, NIGHTDESK_KEY: desk.cloud.demo.partnerKey };
  const { body: endpoint } = await desk.partner('POST', '/v1/webhooks', {
    url: `${desk.cloud.baseUrl}/local/hooks/guide`,
    eventTypes: ['escalation.acknowledged'],
  });
  let rung = (await desk.cloud.sms(desk.phoneOf('dana'))).length;
  for (const language of languages) {
    const programs = await examples(url, language);
    const ended = run(language, programs.slice(0, -1).join('\n'), env);
    await expect.poll(() => desk.cloud.sms(desk.phoneOf('dana')), { timeout: 20_000 }).toHaveLength(rung + 1);
    await desk
      .expectSms('dana', /Reply/)
      .reply('a')
      .expect(/is yours/);
    expect(await ended).toMatch(/ND-.* is acknowledged/);
    rung += 2;

    const sent = (await desk.cloud.hooks('guide')).at(-1);
    for (const [body, verdict] of [
      [sent?.body ?? '', /genuine|true/i],
      [`${sent?.body} `, /forged|false/i],
    ] as const)
      expect(await run(language, `${programs.at(-1)}\n${asks[language]}`, asked(body))).toMatch(verdict);

    function asked(body: string): Record<string, string> {
      return {
        NIGHTDESK_SECRET: endpoint.secret,
        id: sent?.headers['webhook-id'] ?? '',
        at: sent?.headers['webhook-timestamp'] ?? '',
        signature: sent?.headers['webhook-signature'] ?? '',
        body,
      };
    }
  }
  await desk.partner('DELETE', `/v1/webhooks/${endpoint.id}`);
});

/** Asks the `verify` of each language about what the environment holds; the clock was moved, so it is told the time. */
const asks = {
  sh: 'verify',
  ts: `const { id, at, signature, body, NIGHTDESK_SECRET } = process.env;
const headers = { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature };
console.log(verify(headers, body, NIGHTDESK_SECRET, Number(at)));`,
  python: `import os
headers = {"webhook-" + name: os.environ[key] for name, key in (("id", "id"), ("timestamp", "at"), ("signature", "signature"))}
print(verify(headers, os.environ["body"].encode(), os.environ["NIGHTDESK_SECRET"], int(os.environ["at"])))`,
};

it('does what the guide for Slack says: the body has the text that Slack shows', async () => {
  const [program = ''] = await examples(`${desk.cloud.baseUrl}/docs/webhooks`, 'sh');
  const slack = `${desk.cloud.baseUrl}/local/hooks/slack`;
  const code = program.replace('https://hooks.slack.com/services/T000/B000/XXXX', slack);
  const env = { NIGHTDESK_URL: desk.cloud.baseUrl, NIGHTDESK_KEY: desk.cloud.demo.partnerKey };
  expect(JSON.parse(await run('sh', code, env))).toMatchObject({ status: 'delivered' });
  const [shown] = await desk.cloud.hooks('slack');
  expect(JSON.parse(shown?.body ?? '{}').text).toMatch(/^\S.*\.$/);
});
