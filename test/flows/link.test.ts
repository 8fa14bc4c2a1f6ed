import { describe, expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

/** Monday 2026-11-23, 22:10 in New York. */
const desk = openDesk('2026-11-24T03:10:00.000Z');

async function escalated(): Promise<string> {
  const { body } = await desk.partner('POST', '/v1/tickets', outage);
  await desk.partner('POST', `/v1/tickets/${body.number}/escalation`, emergency);
  return body.number;
}

const escalation = async (number: string) =>
  (await desk.partner('GET', `/v1/tickets/${number}/escalation`)).body;
const linkIn = (sms: string) => / (http:\/\/localhost:\d+\/p\/\w{12})$/.exec(sms)?.[1] ?? '';

describe('the link in a page', () => {
  it('shows the emergency on a phone, and its button takes it: the partner sees who, the others stand down', async () => {
    const number = await escalated();
    await desk.expectSms('dana', /Reply/);
    await desk.cloud.clock({ advance: 'PT10M' });
    await desk.expectSms('dana', /Reply/);
    const link = linkIn(await desk.expectSms('eli', /Reply/));

    const shown = await fetch(link);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const page = await shown.text();
    expect(page).toContain(number);
    expect(page).toContain('<form method="post">');
    expect((await fetch(link, { method: 'HEAD' })).status).toBe(200);
    expect((await escalation(number)).state).toBe('paging');

    const body = new URLSearchParams();
    const taken = await fetch(link, { method: 'POST', body });
    expect(taken.status).toBe(200);
    expect(await taken.text()).toContain(`It is yours: ${number}`);
    expect(await escalation(number)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { name: expect.stringMatching(/^Eli/) },
      promise: { brokenAt: null },
    });
    await desk.expectSms('dana', /taken by Eli/);

    const again = await fetch(link, { method: 'POST', body });
    expect(await again.text()).toContain('It is yours');
  });

  it('opened a hundred times by whatever opens links takes nothing', async () => {
    const number = await escalated();
    const link = linkIn(await desk.expectSms('dana', /Reply/));
    for (let n = 0; n < 100; n++) expect((await fetch(link)).status).toBe(200);
    const { body } = await desk.partner('GET', `/v1/tickets/${number}/events`);
    expect(body.data.map(({ type }: { type: string }) => type)).not.toContain('escalation.acknowledged');
    expect((await escalation(number)).state).toBe('paging');
    await desk.text('dana', 'a');
    await desk.expectSms('dana', /is yours/);
  });

  it('that was changed on its way is answered in words, and every other path stays the API’s', async () => {
    const unknown = await fetch(`${desk.cloud.baseUrl}/p/AAAAAAAAAAAA`);
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain('This link is not known');
    const other = await fetch(`${desk.cloud.baseUrl}/p/AAAAAAAAAAAA/more`);
    expect(other.headers.get('content-type')).toBe('application/problem+json');
  });
});
