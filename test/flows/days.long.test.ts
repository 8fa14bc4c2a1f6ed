import { describe, expect, it } from 'vitest';
import { retrySchedule } from '../../shared/domain/webhook/delivery.ts';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';
import { hooksOf } from './hooks.ts';

/**
 * What takes hours and days of the desk's time, and so many stops of the moved clock. Sunday 2026-11-29, 22:10 in New
 * York: Dana's week; on Monday at 09:00 Eli becomes primary, Dana secondary.
 */
const desk = openDesk('2026-11-30T03:10:00.000Z');
const hook = hooksOf(desk);
const types = (events: { type: string }[]) => events.map(({ type }) => type);

async function escalated(): Promise<string> {
  const { body } = await desk.partner('POST', '/v1/tickets', outage);
  expect((await desk.partner('POST', `/v1/tickets/${body.number}/escalation`, emergency)).status).toBe(202);
  return body.number;
}

const escalation = async (number: string) =>
  (await desk.partner('GET', `/v1/tickets/${number}/escalation`)).body;

describe('an emergency that nobody takes', () => {
  it('is exhausted after four hours, pages whoever comes on call, and is told to the desk at its opening', async () => {
    const number = await escalated();
    await desk.cloud.clock({ advance: 'PT241M' });
    expect((await escalation(number)).state).toBe('exhausted');
    await desk.forgetSms();
    await desk.cloud.clock({ advance: 'PT6H' });
    await desk.expectNoMoreSms();
    const alerts = async () => (await desk.cloud.mail()).filter((mail) => mail.text.includes(number)).length;
    expect(await alerts()).toBe(0);
    await desk.cloud.clock({ set: '2026-11-30T14:00:00.000Z' });
    expect(await alerts()).toBe(1);
    await desk.expectSms('dana', /Reply \d+a to take/);
    await desk
      .expectSms('eli', new RegExp(`^${number} OUTAGE .*Reply \\d+a to take`))
      .reply('a')
      .expect(/is yours/);
    for (const who of ['dana', 'mo']) await desk.expectSms(who, /taken by Eli/);
    expect(await escalation(number)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { name: expect.stringMatching(/^Eli/) },
    });
  });

  it('starts its ladder afresh under the same id when it is pressed again', async () => {
    const number = await escalated();
    const { id } = await escalation(number);
    await desk.cloud.clock({ advance: 'PT241M' });
    await desk.forgetSms();
    const again = await desk.partner('POST', `/v1/tickets/${number}/escalation`, emergency);
    expect(again).toMatchObject({ status: 202, body: { id, state: 'paging' } });
    await desk
      .expectSms('dana', /Reply/)
      .reply('a')
      .expect(/is yours/);
    for (const who of ['eli', 'mo']) await desk.expectSms(who, /taken by Dana/);
  });
});

it('tries again over 75 hours: each retry within 20 % of its wait and 5 s after it is due; then it is failed', async () => {
  await desk.cloud.answerHook('down', { status: 503 });
  const down = await hook('down', { eventTypes: ['ticket.created'] });
  const other = await hook('other', {}, desk.otherPartner);
  await desk.partner('POST', '/v1/tickets', outage);
  await desk.cloud.settle();
  const { body: list } = await desk.partner('GET', `${down.path}/deliveries`);
  const path = `/v1/deliveries/${list.data[0].id}`;
  for (const [index, wait] of retrySchedule.entries()) {
    const { body: delivery } = await desk.partner('GET', path);
    expect(delivery).toMatchObject({ status: 'waiting', attempts: { length: index + 1 } });
    const last = Date.parse(delivery.attempts.at(-1).at);
    const due = Date.parse(delivery.nextAttemptAt);
    expect((due - last) / 1000).toBeGreaterThanOrEqual(0.8 * wait - 0.01);
    expect((due - last) / 1000).toBeLessThanOrEqual(1.2 * wait + 0.01);
    await desk.cloud.clock({ set: new Date(due + 5000).toISOString() });
    const attempts = await down.got();
    expect(attempts).toHaveLength(index + 2);
    const late = (attempts.at(-1)?.sentAt ?? 0) - Math.floor(due / 1000);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThanOrEqual(5);
  }
  const { body: failed } = await desk.partner('GET', path);
  expect(failed).toMatchObject({ status: 'failed', nextAttemptAt: null, attempts: { length: 10 } });
  expect(failed.attempts[9]).toMatchObject({
    ...{ n: 10, trigger: 'schedule', statusCode: 503, errorCode: 'status_503' },
    response: { body: '', truncated: false },
  });
  expect(new Set((await down.got()).map(({ id }) => id)).size).toBe(1);
  // Three days went by: the desk opened, which is everybody's; what happens to a ticket is not.
  expect(new Set(types(await other.got()))).toEqual(new Set(['desk.opened']));
  await down.remove();
  await other.remove();
});

it('warns of an endpoint that fails, disables it after five days, and brings back what it missed', async () => {
  await desk.cloud.answerHook('ill', { status: 500 });
  const ill = await hook('ill', { eventTypes: ['ticket.created'] });
  const watch = await hook('watch', { eventTypes: ['webhook.*'] });
  await desk.partner('POST', '/v1/tickets', outage);
  await desk.cloud.settle();
  await desk.cloud.clock({ advance: 'PT59M' });
  expect(await watch.got()).toEqual([]);
  await desk.cloud.clock({ advance: 'PT2M' });
  expect(await watch.got()).toMatchObject([{ type: 'webhook.failing', data: { webhook: { id: ill.id } } }]);
  await desk.cloud.clock({ advance: 'P5D' });
  expect(types(await watch.got())).toEqual(['webhook.failing', 'webhook.disabled']);
  expect((await desk.partner('GET', ill.path)).body).toMatchObject({
    status: 'disabled',
    disabledBecause: expect.stringMatching(/5 days/),
  });

  await desk.cloud.answerHook('ill', { status: 200 });
  const before = (await ill.got()).length;
  await desk.partner('POST', '/v1/tickets', outage);
  await desk.cloud.settle();
  expect(await ill.got()).toHaveLength(before);
  await desk.partner('POST', `${ill.path}/enable`);
  await desk.cloud.clock({ advance: 'PT6S' });
  const since = '2026-11-30T03:00:00Z';
  const dry = await desk.partner('POST', `${ill.path}/recover`, { since, dryRun: true });
  expect(dry).toMatchObject({ status: 202, body: { count: 2 } });
  await desk.partner('POST', `${ill.path}/recover`, { since });
  await desk.cloud.settle();
  const { body } = await desk.partner('GET', `${ill.path}/deliveries`);
  expect(body.data.map(({ status }: { status: string }) => status)).toEqual(['delivered', 'delivered']);
  expect(body.data[0].attempts.at(-1).trigger).toBe('recovery');
  await ill.remove();
  await watch.remove();
});
