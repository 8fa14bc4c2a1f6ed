import { afterEach, describe, expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/** Monday 2026-11-23, 22:10 in New York: Dana is primary, Eli secondary. */
const desk = openDesk('2026-11-24T03:10:00.000Z');

const idOf = (who: string) =>
  desk.cloud.demo.engineers.find(({ name }) => name.toLowerCase().startsWith(who))?.id ?? '';
const gapsAhead = async () => {
  const { body } = await desk.staff('GET', '/v1/coverage?days=2');
  return [...new Set(body.gaps.map((gap: { level: number; why: string }) => `${gap.level} ${gap.why}`))];
};
const escalated = async () => {
  const { body } = await desk.partner('POST', '/v1/tickets', outage);
  await desk.partner('POST', `/v1/tickets/${body.number}/escalation`, emergency);
  return body.number;
};

afterEach(async () => {
  for (const who of ['dana', 'eli']) {
    await desk.cloud.phone(desk.phoneOf(who), {});
  }
});

describe('the coverage of the nights to come', () => {
  it('is whole in the demo: its phones were verified by their replies', async () => {
    expect(await gapsAhead()).toEqual([]);
    const { body } = await desk.staff('GET', `/v1/staff/${idOf('dana')}`);
    expect(body).toMatchObject({ phoneVerified: true, contactMethods: [{ method: 'sms', problem: null }] });
  });

  it('loses a phone that changes, until its owner replies to the SMS that verifies it', async () => {
    const path = `/v1/staff/${idOf('dana')}`;
    const moved = await desk.staff('PATCH', path, { phone: '+12025550171' });
    expect(moved.body).toMatchObject({ phoneVerified: false });
    expect(moved.body.gaps[0]).toMatchObject({
      level: 1,
      why: 'not_verified',
      people: [{ id: idOf('dana') }],
    });
    await desk.staff('PATCH', path, { phone: desk.phoneOf('dana') });
    expect(await gapsAhead()).toEqual(['1 not_verified', '2 not_verified']);
    expect((await desk.staff('POST', `${path}/verify`)).status).toBe(202);
    await desk
      .expectSms('dana', /reply OK/)
      .reply("Yes, it's me")
      .expect(/Thank you/);
    expect(await gapsAhead()).toEqual([]);
  });

  it('answers a PUT that opens a hole with the hole', async () => {
    const { body } = await desk.staff('GET', '/v1/schedules/secondary');
    const { calendarUrl: _, ...schedule } = body;
    const rotation = schedule.rotations[0]!;
    const late = { ...schedule, rotations: [{ ...rotation, start: '2026-12-01T09:00' }] };
    const put = await desk.staff('PUT', '/v1/schedules/secondary', late);
    expect(put.body.gaps?.[0]).toMatchObject({ level: 3, why: 'no_shift', people: [] });
    const back = await desk.staff('PUT', '/v1/schedules/secondary', schedule);
    expect(back.status).toBe(200);
    expect(back.body.gaps).toBeUndefined();
    expect(await gapsAhead()).toEqual([]);
  });

  it('shows a phone that the delivery log speaks against, while the next level is paged; its next word mends it', async () => {
    // Later than what the tests before said on this phone: all of them begin at one time.
    await desk.cloud.clock({ advance: 'PT1M' });
    await desk.cloud.phone(desk.phoneOf('dana'), { failing: 'bad number' });
    const number = await escalated();
    await desk.expectSms('eli', new RegExp(`^${number}`));
    expect(await gapsAhead()).toEqual(['1 failing', '2 failing']);
    await desk.cloud.phone(desk.phoneOf('dana'), {});
    await desk.text('dana', 'my phone works again');
    await desk.expectSms('dana', /Not understood/);
    expect(await gapsAhead()).toEqual([]);
    await desk.staff(
      'POST',
      `/v1/escalations/${(await desk.staff('GET', '/v1/escalations')).body.data[0]!.id}/resolve`,
    );
    await desk.expectSms('eli', /resolved/);
  });

  it('shows it also after the clock was put back to before its last answer', async () => {
    await desk.text('dana', 'all is well');
    await desk.expectSms('dana', /Not understood/);
    // A Monday night of Dana's, two weeks before.
    await desk.cloud.clock({ set: '2026-11-10T03:10:00.000Z' });
    await desk.cloud.phone(desk.phoneOf('dana'), { failing: 'bad number' });
    const number = await escalated();
    await desk.expectSms('eli', new RegExp(`^${number}`));
    await desk.forgetSms();
    expect(await gapsAhead()).toEqual(['1 failing', '2 failing']);
    await desk.cloud.phone(desk.phoneOf('dana'), {});
    await desk.text('dana', `c ${number}`);
    expect(await gapsAhead()).toEqual([]);
    await desk.forgetSms();
  });

  it('tells the manager each morning what is uncovered, and the desk’s webhooks, but no partner’s', async () => {
    const hook = async (api: typeof desk.partner, name: string) => {
      const url = `${desk.cloud.baseUrl}/local/hooks/${name}`;
      expect((await api('POST', '/v1/webhooks', { url, eventTypes: ['coverage.*'] })).status).toBe(201);
    };
    await hook(desk.admin, 'desk');
    await hook(desk.partner, 'partner');
    await desk.cloud.phone(desk.phoneOf('eli'), { optedOut: true });
    await desk.cloud.clock({ set: '2026-11-24T15:00:00.000Z' });
    await desk.expectSms(
      'mo',
      /^On-call coverage has \d+ gaps\. First: level 3, Tue 24 Nov 20:00 ET .*Eli .*opted out/,
    );
    expect(await gapsAhead()).toEqual(['3 opted_out']);
    const [received] = await desk.cloud.hooks('desk');
    expect(JSON.parse(received?.body ?? '{}')).toMatchObject({
      type: 'coverage.gap',
      text: expect.stringMatching(/^The desk has \d+ gaps/),
      data: { gaps: expect.arrayContaining([expect.objectContaining({ level: 3, why: 'opted_out' })]) },
    });
    expect(await desk.cloud.hooks('partner')).toEqual([]);
    await desk.cloud.phone(desk.phoneOf('eli'), {});
    await desk.cloud.clock({ set: '2026-11-25T15:00:00.000Z' });
    expect(await gapsAhead()).toEqual([]);
  });
});
