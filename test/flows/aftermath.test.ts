import { describe, expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/** Sunday 2026-11-29, 22:10 in New York: Dana's week; on Monday at 09:00 Eli becomes primary, Dana secondary. */
const desk = openDesk('2026-11-30T03:10:00.000Z');
const minutes = (count: number) => desk.cloud.clock({ advance: `PT${count}M` });

type Callback = { name: string; phone: string; textUpdates?: boolean };

async function escalated(callback: Callback = emergency.callback): Promise<string> {
  const { body } = await desk.partner('POST', '/v1/tickets', outage);
  const press = { ...emergency, callback };
  expect((await desk.partner('POST', `/v1/tickets/${body.number}/escalation`, press)).status).toBe(202);
  return body.number;
}

describe('text updates', () => {
  it('tell the callback number each step, and nobody who did not ask for them', async () => {
    const phone = '+12025550177';
    const told = async () => (await desk.cloud.sms(phone)).map(({ body }) => body.replace(/^ND-[^:]*: /, ''));
    const number = await escalated({ name: 'Pat Lee', phone, textUpdates: true });
    await desk.expectSms('dana', /Reply/);
    await desk.expectSms(
      phone,
      new RegExp(`^${number}: Asking Dana Whitfield. A person takes it by 22:40 ET.$`),
    );
    await minutes(10);
    await desk.expectSms('dana', /Reply/);
    await desk.expectSms(phone, /Asking Eli Navarro/);
    await desk
      .expectSms('eli', /Reply/)
      .reply('a')
      .expect(/is yours/);
    await desk.expectSms('dana', /taken by Eli/);
    await desk.expectSms(phone, /Taken by Eli Navarro at 22:20 ET/);
    await desk.text('eli', 'p');
    await desk.expectSms('eli', /passed on/);
    await desk.expectSms(phone, /Eli Navarro passed it on. Asking/);
    await desk.forgetSms();
    await desk.partner('DELETE', `/v1/tickets/${number}/escalation`);
    await desk.expectSms(phone, /cancelled by Acme MSP/);
    for (const who of ['dana', 'eli', 'mo']) await desk.expectSms(who, /stand down/);
    expect(await told()).toHaveLength(5);
    for (const text of await told()) expect(text).not.toContain('No mail since');
  });
});
