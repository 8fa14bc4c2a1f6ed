import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Gateway } from '../../infra/local/http/gateway.ts';
import type { RoutePlan } from '../../infra/local/template/plan.ts';
import type { FunctionPool } from '../../infra/local/worker/pool.ts';

let server: Server | undefined;
afterEach(() => server?.close());

const route = (key: string, throttle: RoutePlan['throttle']): RoutePlan => {
  const [method = null, path = null] = key === '$default' ? [] : key.split(' ');
  return { key, method, segments: path?.split('/') ?? null, functionName: 'api', timeoutMs: 1000, throttle };
};

/** The address of a gateway whose buckets all but never fill again, before a function that answers everything. */
async function gateway(routes: readonly RoutePlan[]): Promise<string> {
  const plan = { apiId: 'api', cors: null, routes, throttle: { rate: 1e-6, burst: 3 } };
  const invoke = async () => ({ ok: true, payload: '{"statusCode":202}' });
  const played = new Gateway(plan, () => ({ invoke }) as unknown as FunctionPool, { now: () => 0 } as never);
  const opened = createServer((request, response) => void played.handle(request, response));
  server = opened;
  await new Promise<void>((listening) => opened.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(opened.address() as AddressInfo).port}`;
}

it('refuses what is beyond a bucket, and takes from no other: a loop over one route leaves the others open', async () => {
  const own = { rate: 1e-6, burst: 2 };
  const url = await gateway([
    route('POST /v1/press', own),
    route('GET /v1/list', null),
    route('$default', null),
  ]);
  const ask = async (method: string, path: string) => (await fetch(url + path, { method })).status;
  const looped = [];
  for (const path of ['/a', '/v1/list', '/b', '/c', '/v1/list']) looped.push(await ask('GET', path));
  expect(looped).toEqual([202, 202, 202, 429, 429]);
  const pressed = [];
  for (let n = 0; n < 3; n++) pressed.push(await ask('POST', '/v1/press'));
  expect(pressed).toEqual([202, 202, 429]);
});
