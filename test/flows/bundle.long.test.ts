import { expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/** Monday 2026-11-23, 22:10 in New York. */
const desk = openDesk('2026-11-24T03:10:00.000Z', { pagesPerMinute: 3 });

const escalated = async (): Promise<string> => {
  const ticket = await desk.partner('POST', '/v1/tickets', outage);
  const reason = { ...emergency, reason: 'other', detail: 'Each of these is something else.' } as const;
  const pressed = await desk.partner('POST', `/v1/tickets/${ticket.body.number}/escalation`, reason);
  expect(pressed.status).toBe(202);
  // One after the other: pages side by side have their turns in any order.
  await desk.cloud.settle();
  return ticket.body.number;
};
const escalation = async (number: string) =>
  (await desk.partner('GET', `/v1/tickets/${number}/escalation`)).body;

it('beyond three pages in a minute one message asks for all, and one ALL takes them', async () => {
  const numbers: string[] = [];
  for (let n = 0; n < 6; n++) numbers.push(await escalated());
  await desk.cloud.settle();
  for (const number of numbers.slice(0, 3)) await desk.expectSms('dana', new RegExp(`^${number} OUTAGE`));
  await desk.expectNoMoreSms();
  const [page] = (await escalation(numbers[4] ?? '')).pages;
  expect(page).toMatchObject({ state: 'queued', heldUntil: expect.stringMatching(/^2026-11-24T03:11/) });

  await desk.cloud.clock({ advance: 'PT61S' });
  const bundle = desk.expectSms('dana', /^6 emergencies open\. Latest: ND-.*Reply ALL to take all/);
  await bundle.reply('all');
  for (const number of numbers)
    await desk.expectSms(
      'dana',
      new RegExp(`^${number} is yours\\. Acme MSP, call .* to pass, .* when done`),
    );
  await desk.cloud.clock({ advance: 'PT30S' });
  for (const number of numbers)
    expect(await escalation(number)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { name: expect.stringMatching(/^Dana/) },
      pages: [{ state: 'sent', heldUntil: null }],
    });
});

const states = async (numbers: string[]) =>
  Promise.all(numbers.map(async (number) => (await escalation(number)).state));

it('ALL takes what the phone was shown, and never what is held until its bundle has brought it', async () => {
  await desk.cloud.clock({ advance: 'PT15M' });
  const numbers: string[] = [];
  for (let n = 0; n < 6; n++) numbers.push(await escalated());
  await desk.text('dana', '?');
  const list = await desk.expectSms('dana', /^Open: /);
  for (const number of numbers.slice(3)) expect(list).not.toContain(number);
  await desk.text('dana', `a ${numbers[4]}`);
  await desk.expectSms('dana', /is not known on this phone/);
  await desk.text('dana', 'ALL');
  expect(await states(numbers)).toEqual([...Array(3).fill('acknowledged'), ...Array(3).fill('paging')]);
  await desk.forgetSms();

  await desk.cloud.clock({ advance: 'PT61S' });
  await desk.expectSms('dana', /^3 emergencies open\. /).reply('ALL');
  expect(await states(numbers)).toEqual(Array(6).fill('acknowledged'));
  await desk.forgetSms();
});

it('a page that is held is not sent once somebody has taken it', async () => {
  // The phone remembers the minute in which the test before this one rang it.
  await desk.cloud.clock({ advance: 'PT5M' });
  const numbers: string[] = [];
  for (let n = 0; n < 4; n++) numbers.push(await escalated());
  for (const number of numbers.slice(0, 3)) await desk.expectSms('dana', new RegExp(`^${number}`));
  const { id } = await escalation(numbers[3] ?? '');
  expect((await desk.staff('POST', `/v1/escalations/${id}/acknowledge`)).status).toBe(200);
  await desk.cloud.clock({ advance: 'PT2M' });
  expect((await escalation(numbers[3] ?? '')).pages).toMatchObject([{ state: 'void' }]);
});

it('a bundle that the delivery log says never arrived brings the next level at once, for each page that went with it', async () => {
  await desk.cloud.clock({ advance: 'PT10M' });
  const numbers: string[] = [];
  for (let n = 0; n < 5; n++) numbers.push(await escalated());
  for (const number of numbers.slice(0, 3)) await desk.expectSms('dana', new RegExp(`^${number}`));
  await desk.cloud.phone(desk.phoneOf('dana'), { failing: 'bad number' });
  await desk.cloud.clock({ advance: 'PT61S' });
  await desk.cloud.phone(desk.phoneOf('dana'), {});
  for (const number of numbers.slice(3)) {
    // Levels 1 and 2 both page Dana, whose phone is dead for both.
    expect((await escalation(number)).pages.map(({ to, state }) => `${to.name} ${state}`)).toEqual([
      'Dana Whitfield failed',
      'Dana Whitfield failed',
      'Eli Navarro sent',
    ]);
    await desk.expectSms('eli', new RegExp(`^${number} OUTAGE`));
  }
});
