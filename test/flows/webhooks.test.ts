import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { emergency, outage } from './api.ts';
import { openDesk } from './desk.ts';

const desk = openDesk('2026-11-24T03:10:00.000Z');

interface Hook {
  headers: Record<string, string>;
  body: string;
}

it('sends an integrator each step of an emergency once, signed, in an order that subjectSeq tells', async () => {
  const hook = await desk.partner('POST', '/v1/webhooks', {
    url: `${desk.cloud.baseUrl}/local/hooks/steps`,
    eventTypes: ['ticket.*', 'escalation.*'],
  });
  expect(hook.status).toBe(201);
  const { body: ticket } = await desk.partner('POST', '/v1/tickets', outage);
  await desk.partner('POST', `/v1/tickets/${ticket.number}/escalation`, emergency);
  await desk
    .expectSms('dana', /Reply/)
    .reply('a')
    .expect(/is yours/);

  const received: Hook[] = await desk.cloud.hooks('steps');
  const verify = new Webhook(hook.body.secret);
  const events = received.map(({ headers, body }) => {
    // The receiver's clock was moved, so the signature is checked and the age is not.
    const signed = verify.sign(
      headers['webhook-id']!,
      new Date(Number(headers['webhook-timestamp']) * 1000),
      body,
    );
    expect(headers['webhook-signature']).toContain(signed);
    return JSON.parse(body);
  });
  events.sort((a, b) => a.subjectSeq - b.subjectSeq);
  expect(events.map((event) => event.type)).toEqual([
    'ticket.created',
    'escalation.started',
    'escalation.paged',
    'escalation.acknowledged',
  ]);
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  const timeline = await desk.partner('GET', `/v1/tickets/${ticket.number}/events`);
  expect(events.map((event) => event.hash)).toEqual(
    timeline.body.data.map((event: { hash: string }) => event.hash),
  );
});

it('tries again on the published schedule when the integrator is down, and tells no other partner', async () => {
  await desk.cloud.answerHook('down', { status: 503 });
  await desk.partner('POST', '/v1/webhooks', {
    url: `${desk.cloud.baseUrl}/local/hooks/down`,
    eventTypes: ['ticket.created'],
  });
  await desk.otherPartner('POST', '/v1/webhooks', {
    url: `${desk.cloud.baseUrl}/local/hooks/other`,
    eventTypes: ['*'],
  });
  await desk.partner('POST', '/v1/tickets', outage);
  await desk.cloud.settle();
  expect(await desk.cloud.hooks('down')).toHaveLength(1);
  await desk.cloud.clock({ advance: 'PT7S' });
  expect(await desk.cloud.hooks('down')).toHaveLength(2);
  await desk.cloud.answerHook('down', { status: 200 });
  await desk.cloud.clock({ advance: 'PT7M' });
  expect(await desk.cloud.hooks('down')).toHaveLength(3);
  await desk.cloud.clock({ advance: 'PT3H' });
  const attempts = await desk.cloud.hooks('down');
  expect(attempts).toHaveLength(3);
  expect(new Set(attempts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(await desk.cloud.hooks('other')).toEqual([]);
});

it('refuses an address that is not public', async () => {
  for (const url of [
    'http://example.com/x',
    'https://127.0.0.1/x',
    'https://169.254.169.254/',
    'https://[::1]/',
  ]) {
    const answer = await desk.partner('POST', '/v1/webhooks', { url, eventTypes: ['*'] });
    expect(answer.body.code).toBe('webhook_url_refused');
  }
});
