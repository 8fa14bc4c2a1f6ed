import { describe, expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/** Monday 2026-11-23, 10:00 in New York. */
const desk = openDesk('2026-11-23T15:00:00.000Z');
const minutes = (count: number) => desk.cloud.clock({ advance: `PT${count}M` });

async function escalated(): Promise<string> {
  const ticket = await desk.partner('POST', '/v1/tickets', outage);
  await desk.partner('POST', `/v1/tickets/${ticket.body.number}/escalation`, emergency);
  await desk.cloud.settle();
  return ticket.body.number;
}

describe('an emergency while the desk is open', () => {
  it('alerts the desk first, and on-call only after 10 minutes without an answer', async () => {
    const number = await escalated();
    const alerts = (await desk.cloud.mail()).filter((mail) => mail.text.includes(number));
    expect(alerts).toHaveLength(1);
    await minutes(9);
    await desk.expectNoMoreSms();
    await minutes(1);
    await desk
      .expectSms('dana', new RegExp(number))
      .reply('a')
      .expect(/is yours/);
  });

  it('is taken by the desk over the API, and on-call is never disturbed', async () => {
    const number = await escalated();
    const list = await desk.staff('GET', '/v1/escalations?state=paging');
    const mine = list.body.data.find(({ ticket }) => ticket === number)!;
    expect((await desk.staff('POST', `/v1/escalations/${mine.id}/acknowledge`)).status).toBe(200);
    await minutes(10);
    const comment = await desk.staff('POST', `/v1/tickets/${number}/comments`, { body: 'Calling you now.' });
    expect(comment.status).toBe(201);
    await minutes(59);
  });

  it('that the desk took and forgot alerts the desk again, and then pages on-call', async () => {
    const number = await escalated();
    const list = await desk.staff('GET', '/v1/escalations?state=paging');
    const mine = list.body.data.find(({ ticket }) => ticket === number)!;
    await desk.staff('POST', `/v1/escalations/${mine.id}/acknowledge`);
    await minutes(41);
    await desk.expectNoMoreSms();
    const alerts = (await desk.cloud.mail()).filter((mail) => mail.text.includes(number));
    expect(alerts.map((mail) => /no word/.test(mail.text))).toEqual([false, true, true]);
    await minutes(10);
    await desk
      .expectSms('dana', new RegExp(number))
      .reply('a')
      .expect(/is yours/);
  });
});

describe('closing time', () => {
  it('pages on-call at once for what the desk has not taken', async () => {
    await desk.cloud.clock({ set: '2026-11-24T00:55:00.000Z' });
    const number = await escalated();
    await desk.expectNoMoreSms();
    await minutes(5);
    await desk
      .expectSms('dana', new RegExp(number))
      .reply('a')
      .expect(/is yours/);
  });
});
