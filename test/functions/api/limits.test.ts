import { beforeAll, describe, expect, test } from 'vitest';
import { Limits } from '../../../functions/api/limits.ts';
import { makeWorld, mondayNight, pressBody, ticketBody, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld({ limits: { requests: 6, tickets: 3 } });
});

function later(seconds: number): void {
  world.time.now = new Date(Date.parse(world.time.now) + seconds * 1_000).toISOString();
}

describe('an API key', () => {
  test('is told what is left, and when all of it is there again', async () => {
    const first = await world.get('/v1/services');
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"requests";q=6;w=60',
      ratelimit: '"requests";r=5;t=10',
    });
    const refused = await world.get('/v1/tickets/nonsense');
    expect(refused.status).toBe(400);
    expect(refused.headers.ratelimit).toBe('"requests";r=4;t=20');
    expect((await world.get('/v1/staff')).headers.ratelimit).toBe('"requests";r=3;t=30');
    later(60);
  });

  test('that asks too often is refused until Retry-After has passed, and not a second longer', async () => {
    for (let n = 0; n < 6; n++) expect((await world.get('/v1/services')).status).toBe(200);
    const refused = await world.get('/v1/services');
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'rate_limited' },
      headers: { 'retry-after': '10', ratelimit: '"requests";r=0;t=60' },
    });
    later(9);
    expect((await world.get('/v1/services')).headers['retry-after']).toBe('1');
    later(1);
    expect((await world.get('/v1/services')).status).toBe(200);
    later(60);
  });

  test('is counted for itself', async () => {
    for (let n = 0; n < 7; n++) await world.get('/v1/services');
    expect((await world.get('/v1/services', { key: world.keys.other })).status).toBe(200);
    later(60);
  });

  test('opens tickets however much it has read, and past that limit is told whom to call', async () => {
    for (let n = 0; n < 7; n++) await world.get('/v1/services');
    for (let n = 0; n < 3; n++) expect((await world.post('/v1/tickets', ticketBody)).status).toBe(201);
    const refused = await world.post('/v1/tickets', ticketBody);
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'rate_limited', phone: '+1 202 555 0199' },
      headers: { 'retry-after': '20' },
    });
    later(60);
  });

  test('is never too busy for an emergency: to press, to look and to take', async () => {
    const number = await world.open();
    for (let n = 0; n < 7; n++) {
      await world.get('/v1/services');
      await world.get('/v1/services', { key: world.keys.dana });
    }
    const path = `/v1/tickets/${number}/escalation`;
    for (let n = 0; n < 10; n++) {
      const pressed = await world.post(path, pressBody);
      expect(pressed.status).toBe(n === 0 ? 202 : 200);
      expect(pressed.headers).not.toHaveProperty('ratelimit');
      expect((await world.get(path)).status).toBe(200);
      expect((await world.get(`${path}/preview`)).status).toBe(200);
    }
    const { id } = (await world.get(path)).body;
    const taken = await world.post(`/v1/escalations/${id}/acknowledge`, {}, { key: world.keys.dana });
    expect(taken.body).toMatchObject({ state: 'acknowledged' });
    later(60);
  });
});

test('a bucket fills evenly, is never more than full, and a clock that is put back takes nothing', () => {
  const limits = new Limits({ requests: 2, tickets: 1 });
  const take = (seconds: number) =>
    limits.take('k', 'requests', new Date(Date.parse(mondayNight) + seconds * 1_000).toISOString());
  expect([take(0), take(0), take(0)].map(({ admitted }) => admitted)).toEqual([true, true, false]);
  expect(take(29).admitted).toBe(false);
  expect(take(30).admitted).toBe(true);
  expect(take(-3_600).admitted).toBe(false);
  expect(take(-3_570).admitted).toBe(true);
  const rested = take(86_400);
  expect(rested.headers.ratelimit).toBe('"requests";r=1;t=30');
});
