import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';
import { run } from './guide.ts';

/** Monday 2026-11-23, 22:10 in New York. */
const desk = openDesk('2026-11-24T03:10:00.000Z');

async function escalated(): Promise<string> {
  const ticket = await desk.partner('POST', '/v1/tickets', outage);
  expect(ticket.status).toBe(201);
  const pressed = await desk.partner('POST', `/v1/tickets/${ticket.body.number}/escalation`, emergency);
  expect(pressed.status).toBe(202);
  return ticket.body.number;
}

const escalation = async (number: string) =>
  (await desk.partner('GET', `/v1/tickets/${number}/escalation`)).body;
const minutes = (count: number) => desk.cloud.clock({ advance: `PT${count}M` });

/** What functions gave to CloudWatch, as lines of its embedded metric format. */
const measures = async () =>
  (await desk.cloud.logs()).map(({ line }) => line).filter((line) => line.includes('"_aws"'));
const measured = (line: string): { name: string; values: number[] }[] => {
  const { _aws, ...fields } = JSON.parse(line);
  const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
  expect([Namespace, Dimensions]).toEqual(['Nightdesk', [['service']]]);
  return Metrics.map(({ Name }: { Name: string }) => ({ name: Name, values: [fields[Name]].flat() }));
};

describe('an emergency on a Monday at 22:10', () => {
  it('tells the partner at once that the desk is closed, why, when it opens, and what to do', async () => {
    const { body } = await desk.partner('POST', '/v1/tickets', outage);
    expect(body.support).toMatchObject({
      open: false,
      reason: expect.stringContaining('closed'),
      opensAt: '2026-11-24T14:00:00.000Z',
    });
    expect(body.nextStep.action).toBe('escalate');
    const preview = await desk.partner('GET', `/v1/tickets/${body.number}/escalation/preview`);
    expect(preview.body).toMatchObject({
      route: 'on_call',
      promiseDueAt: expect.stringMatching(/^2026-11-24T03:40/),
    });
    expect(preview.body.wouldPage[0]?.to[0]?.name).toMatch(/^Dana/);
  });

  it('is taken by SMS: the partner sees who has it and since when, and nobody else was disturbed', async () => {
    const number = await escalated();
    await desk
      .expectSms('dana', new RegExp(`^${number} OUTAGE .*Reply \\d+a to take by 22:40 ET`))
      .reply('ack')
      .expect(/is yours/);
    expect(await escalation(number)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { name: expect.stringMatching(/^Dana/) },
      acknowledgedAt: expect.stringMatching(/^2026-11-24T03:1/),
      promise: { brokenAt: null },
    });
    await minutes(29);
  });

  it('shows the first word from the holder, and asks a silent one before on-call is paged afresh', async () => {
    const number = await escalated();
    await desk
      .expectSms('dana', /Reply/)
      .reply('a')
      .expect(/is yours/);
    await minutes(5);
    await desk.text('dana', 'n calling them now');
    await desk.expectSms('dana', /Noted/);
    expect(await escalation(number)).toMatchObject({
      contactedAt: expect.stringMatching(/^2026-11-24T03:15/),
    });
    await minutes(59);
    await desk.expectNoMoreSms();
    await minutes(1);
    await desk
      .expectSms('dana', /any news\?.*Reply \d+a, .*by 23:25 ET/)
      .reply('a')
      .expect(/is yours/);
    await minutes(60);
    await desk.expectSms('dana', /any news\?/);
    await minutes(10);
    await desk.expectSms('dana', /Reply \d+a to take/);
    expect(await escalation(number)).toMatchObject({ state: 'paging', acknowledgedBy: null });
  });

  it('pages the holder and the next level at once when the requester says that nobody has called', async () => {
    const number = await escalated();
    await desk
      .expectSms('dana', /Reply/)
      .reply('a')
      .expect(/is yours/);
    await minutes(12);
    const path = `/v1/tickets/${number}/escalation/not-contacted`;
    expect(await desk.partner('POST', path)).toMatchObject({ status: 200, body: { state: 'paging' } });
    for (const who of ['dana', 'eli']) await desk.expectSms(who, /Reply \d+a to take/);
    expect((await desk.partner('POST', path)).status).toBe(200);
    await desk.expectNoMoreSms();
    await desk.text('dana', 'a');
    await desk.expectSms('dana', /is yours/);
    await desk.expectSms('eli', /taken by Dana/);
    await desk.partner('DELETE', `/v1/tickets/${number}/escalation`);
    for (const who of ['dana', 'eli']) await desk.expectSms(who, /stand down/);
    expect(await desk.partner('POST', path)).toMatchObject({ status: 409, body: { code: 'not_active' } });
  });

  it('climbs while nobody answers, breaks the promise at 30 minutes, tells everyone, and is measured', async () => {
    const before = new Set(await measures());
    const number = await escalated();
    await desk.expectSms('dana', /Reply/);
    await minutes(5);
    await desk.expectSms('dana', /Reply/);
    await minutes(5);
    await desk.expectSms('eli', /Reply/);
    await minutes(10);
    for (const who of ['dana', 'eli', 'mo']) await desk.expectSms(who, /Reply/);
    await minutes(9);
    await desk.expectNoMoreSms();
    expect((await escalation(number)).promise.brokenAt).toBeNull();
    await minutes(1);
    for (const who of ['dana', 'eli', 'mo']) await desk.expectSms(who, /Reply/);
    await desk.expectSms('mo', /promise broken/);
    expect(await escalation(number)).toMatchObject({
      state: 'paging',
      promise: { brokenAt: expect.stringMatching(/^2026-11-24T03:40/) },
    });
    await desk.text('eli', 'a');
    await desk.expectSms('eli', /is yours/);
    for (const who of ['dana', 'mo']) await desk.expectSms(who, /taken by Eli/);
    const lines = (await measures()).filter((line) => !before.has(line));
    const counts: Record<string, number> = {};
    for (const { name, values } of lines.flatMap(measured))
      counts[name] = (counts[name] ?? 0) + values.length;
    expect(counts).toEqual({
      ...{ PageSeconds: 9, SleepInterrupted: 9, PromisesBroken: 1, AcknowledgeSeconds: 1 },
    });
    for (const who of ['dana', 'eli', 'mo', number])
      expect(lines.some((line) => line.includes(who === number ? who : desk.phoneOf(who)))).toBe(false);
  });

  it('stands everyone down when the partner cancels', async () => {
    const number = await escalated();
    await desk.expectSms('dana', /Reply/);
    expect((await desk.partner('DELETE', `/v1/tickets/${number}/escalation`)).status).toBe(200);
    await desk.expectSms('dana', /stand down/);
    await minutes(60);
    expect((await desk.partner('DELETE', `/v1/tickets/${number}/escalation`)).body.code).toBe('not_active');
  });

  it('goes to the next level at once when a phone cannot be reached', async () => {
    await desk.cloud.phone(desk.phoneOf('dana'), { failing: 'bad number' });
    try {
      const number = await escalated();
      await desk.cloud.settle();
      await desk.expectSms('eli', new RegExp(number));
      await desk.text('eli', 'a');
      await desk.expectSms('eli', /is yours/);
    } finally {
      await desk.cloud.phone(desk.phoneOf('dana'), {});
    }
  });

  it('passes on to somebody else, and the partner sees it', async () => {
    const number = await escalated();
    await desk
      .expectSms('dana', /Reply/)
      .reply('a')
      .expect(/is yours/);
    await desk.text('dana', 'p');
    await desk.expectSms('dana', /passed on/);
    await desk
      .expectSms('eli', /Reply/)
      .reply('a')
      .expect(/is yours/);
    expect((await escalation(number)).acknowledgedBy?.name).toMatch(/^Eli/);
    await desk.expectSms('dana', /taken by Eli/);
  });

  it('pages nobody twice for a second press', async () => {
    const number = await escalated();
    await desk.expectSms('dana', /Reply/);
    const again = await desk.partner('POST', `/v1/tickets/${number}/escalation`, emergency);
    expect(again.status).toBe(200);
    await desk.text('dana', 'a');
    await desk.expectSms('dana', /is yours/);
  });
});

it('by hand, as the README has it, is taken in the end, and the partner sees by whom', async () => {
  const { cloud } = desk;
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  const [, walk = ''] = /^## A night, by hand\n.*?```sh\n(.*?)```/ms.exec(readme) ?? [];
  const code = walk
    .replace(/^cd .*\n/, `mkdir .local && echo '${JSON.stringify(cloud.demo)}' > .local/demo.json\n`)
    .replace('http://localhost:4000', cloud.baseUrl)
    .replaceAll('/tmp/', './')
    // Whoever types has a moment between two steps.
    .replaceAll('\n\n', '\ncurl -s -X POST $desk/local/settle\n\n');
  const said = await run('sh', code, {});
  await desk.expectSms(
    'dana',
    /^ND-\S+ OUTAGE mail not delivered\. Acme MSP, call \+12025550147\. Reply \d+a/,
  );
  await desk.expectSms('dana', /is yours/);
  expect(said).toMatch(/"state":"acknowledged".*"acknowledgedBy":\{[^}]*"name":"Dana/s);
  expect(said).toMatch(/"type":"escalation\.acknowledged"/);
});
