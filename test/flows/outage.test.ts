import { beforeAll, describe, expect, it } from 'vitest';
import { type Api, caller, emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/** Monday 2026-11-23, 22:10 in New York. */
const desk = openDesk('2026-11-24T03:10:00.000Z');

/** A service and some minutes of this test alone: what was pressed before is no part of its outage. */
let service = '';
let third: Api;
let tests = 0;

beforeAll(async () => {
  const partner = await desk.admin('POST', '/v1/partners', { name: 'Northwind', plan: 'standard' });
  expect(partner.status).toBe(201);
  const key = await desk.admin('POST', '/v1/api-keys', {
    partner: partner.body.id,
    scopes: ['tickets:read', 'tickets:write'],
  });
  expect(key.status).toBe(201);
  third = caller(desk.cloud.baseUrl, key.body.key);
});

async function newService(): Promise<void> {
  tests += 1;
  service = `mail-${tests}`;
  await desk.cloud.clock({ advance: `PT${tests * 10}M` });
  expect((await desk.admin('PUT', `/v1/services/${service}`, { name: 'Mail' })).status).toBe(200);
}

async function escalated(partner: Api): Promise<string> {
  const ticket = await partner('POST', '/v1/tickets', { ...outage, service });
  expect(ticket.status).toBe(201);
  const pressed = await partner('POST', `/v1/tickets/${ticket.body.number}/escalation`, emergency);
  expect(pressed.status).toBe(202);
  await desk.cloud.settle();
  return ticket.body.number;
}

const seen = async (partner: Api, number: string) =>
  (await partner('GET', `/v1/tickets/${number}/escalation`)).body;
const types = async (partner: Api, number: string) =>
  (await partner('GET', `/v1/tickets/${number}/events?limit=100`)).body.data.map(
    (event: { type: string }) => event.type,
  );

describe('one outage that three partners escalate', () => {
  it('pages for the first, tells the others whom they follow, and one reply takes them all', async () => {
    await newService();
    const one = await escalated(desk.partner);
    await desk.expectSms('dana', new RegExp(one));
    const two = await escalated(desk.otherPartner);
    await desk.expectSms('dana', new RegExp(two));
    const three = await escalated(third);
    await desk.expectNoMoreSms();

    const follower = await seen(third, three);
    expect(follower).toMatchObject({ state: 'paging', follows: expect.any(String), pages: [] });
    expect((await seen(desk.otherPartner, two)).follows).toBe(follower.follows);
    expect((await seen(desk.partner, one)).follows).toBeNull();
    expect(JSON.stringify(follower)).not.toContain(one);
    expect((await desk.otherPartner('GET', `/v1/tickets/${three}/escalation`)).status).toBe(404);

    const another = { ...emergency, callback: { ...emergency.callback, phone: '+12025550198' } };
    expect((await third('POST', `/v1/tickets/${three}/escalation`, another)).status).toBe(200);
    await desk.expectSms('dana', new RegExp(`^${three}: the partner has news. .*, call \\+12025550198`));

    await desk.text('dana', 'all');
    await desk.expectSms('dana', new RegExp(`${one} is yours`));
    for (const [partner, number] of [
      [desk.partner, one],
      [desk.otherPartner, two],
      [third, three],
    ] as const) {
      expect(await seen(partner, number)).toMatchObject({
        state: 'acknowledged',
        acknowledgedBy: { name: expect.stringMatching(/^Dana/) },
        promise: { brokenAt: null },
      });
      expect(await types(partner, number)).toContain('escalation.acknowledged');
    }
    expect((await third('GET', `/v1/tickets/${three}`)).body).toMatchObject({
      status: 'open',
      nextStep: { action: 'call_back_ready' },
    });

    await desk.cloud.clock({ advance: 'PT2M' });
    await desk.expectSms('dana', /2 others report the same outage/);
    await desk.text('dana', 'c');
    await desk.expectSms('dana', new RegExp(`${one}: emergency resolved`));
    expect((await seen(third, three)).state).toBe('resolved');
    expect((await third('GET', `/v1/tickets/${three}`)).body.status).toBe('open');
  });

  it('goes to the next partner when the first one cancels, and pages at once', async () => {
    await newService();
    const one = await escalated(desk.partner);
    await desk.expectSms('dana', new RegExp(one));
    const two = await escalated(desk.otherPartner);
    await desk.expectSms('dana', new RegExp(two));
    const three = await escalated(third);
    await desk.partner('DELETE', `/v1/tickets/${one}/escalation`);
    await desk.expectSms('dana', new RegExp(`${one} stand down`));
    await desk.expectSms('dana', new RegExp(`^${two} OUTAGE`));
    expect((await seen(desk.otherPartner, two)).follows).toBeNull();
    expect((await seen(third, three)).follows).toEqual(expect.any(String));
    await desk.text('dana', 'a');
    await desk.expectSms('dana', new RegExp(`${two} is yours`));
    expect((await seen(third, three)).acknowledgedBy?.name).toMatch(/^Dana/);
  });

  it('may be an incident that the desk knows of: its tickets share one page and all of its news', async () => {
    await newService();
    const made = await desk.staff('POST', '/v1/incidents', { title: 'Hosted mail is delayed', service });
    expect(made.status).toBe(201);
    const path = `/v1/incidents/${made.body.number}`;
    const consoles = [desk.partner, desk.otherPartner] as const;
    const numbers: string[] = [];
    for (const partner of consoles) numbers.push((await partner('POST', '/v1/tickets', outage)).body.number);
    expect((await desk.staff('POST', `${path}/tickets`, { tickets: numbers })).status).toBe(200);
    const pressed = { ...emergency, reason: 'other' as const, detail: 'All of it.' };
    for (const [n, partner] of consoles.entries()) {
      const press = n === 0 ? emergency : pressed;
      expect((await partner('POST', `/v1/tickets/${numbers[n]}/escalation`, press)).status).toBe(202);
    }
    await desk.expectSms('dana', new RegExp(`^${numbers[0]} OUTAGE`));
    await desk.expectNoMoreSms();
    await desk.text('dana', 'a');
    await desk.expectSms('dana', new RegExp(`${numbers[0]} is yours`));
    await desk.staff('PATCH', path, { text: 'A disk is full.' });
    await desk.cloud.settle();
    for (const [n, partner] of consoles.entries()) {
      expect((await partner('GET', `/v1/tickets/${numbers[n]}`)).body).toMatchObject({
        incident: { number: made.body.number, text: 'A disk is full.' },
        escalation: { state: 'acknowledged' },
      });
      expect(await types(partner, numbers[n] ?? '')).toContain('incident.updated');
    }
    expect((await desk.otherPartner('GET', '/v1/support-status')).body.incidents[0]?.text).toBe(
      'A disk is full.',
    );
    await desk.partner('DELETE', `/v1/tickets/${numbers[0]}/escalation`);
    await desk.expectSms('dana', new RegExp(`${numbers[0]} stand down`));
    await desk.expectSms('dana', new RegExp(`${numbers[0]} no longer leads its outage: ${numbers[1]} does`));
    // The code of the page stands for what goes on, and is listed by that one's number.
    await desk.text('dana', '?');
    await desk.expectSms('dana', new RegExp(`^Open: (?!.*${numbers[0]}).*${numbers[1]} \\(Dana`));
    await desk.text('dana', `c ${numbers[1]}`);
    await desk.expectSms('dana', new RegExp(`${numbers[1]}: emergency resolved`));
    await desk.staff('PATCH', path, { state: 'resolved' });
  });

  it('may turn out to be another problem: splitting pages for it at once', async () => {
    await newService();
    const one = await escalated(desk.partner);
    await desk.expectSms('dana', new RegExp(one));
    const two = await escalated(desk.otherPartner);
    await desk.expectSms('dana', new RegExp(two));
    const three = await escalated(third);
    await desk.text('dana', 'all');
    await desk.expectSms('dana', new RegExp(`${one} is yours`));
    const split = await third('POST', `/v1/tickets/${three}/escalation/split`);
    expect(split).toMatchObject({
      status: 200,
      body: { state: 'paging', follows: null, acknowledgedBy: null },
    });
    await desk.expectSms('dana', new RegExp(`^${three} OUTAGE`));
    expect((await third('POST', `/v1/tickets/${three}/escalation/split`)).body.code).toBe('not_shared');
    expect((await seen(desk.otherPartner, two)).state).toBe('acknowledged');
    await desk.text('dana', 'a');
    await desk.expectSms('dana', new RegExp(`${three} is yours`));
  });
});
