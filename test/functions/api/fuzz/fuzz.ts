import fc from 'fast-check';
import { expect } from 'vitest';
import { faultOf, takesBody, templateOf } from '../../../client/document.ts';
import { type Sample, samplesFor } from '../samples.ts';
import { makeWorld, pressBody, type World } from '../world.ts';
import { type FuzzRequest, requests } from './requests.ts';

const atATime = 8;

/**
 * Sends so many requests, eight at the same time, to a desk of its own, and asks the document about each: no answer
 * is a fault of ours, every answer is one that it describes, and a body that it does not allow is refused.
 */
export async function fuzz(count: number, seed?: number): Promise<void> {
  const world = await makeWorld({ sendsNothing: true });
  const sets = await Promise.all(Array.from({ length: 5 }, () => samplesOf(world)));
  await fc.assert(
    fc.asyncProperty(fc.array(requests(sets), { minLength: atATime, maxLength: atATime }), async (batch) => {
      await Promise.all(batch.map((request) => answeredAsDocumented(world, request)));
    }),
    { numRuns: Math.ceil(count / atATime), ...(seed === undefined ? {} : { seed }), endOnFailure: true },
  );
}

/** Good requests about a ticket with its emergency, and an endpoint with a delivery, of their own. */
export async function samplesOf(world: World): Promise<Record<string, Sample>> {
  const number = await world.open();
  const { body: pressed } = await world.post(`/v1/tickets/${number}/escalation`, pressBody);
  const { body: hook } = await world.post('/v1/webhooks', { url: 'http://localhost:9/local/hooks/a' });
  const { body: delivery } = await world.post(`/v1/webhooks/${hook.id}/test`, {});
  const { body: known } = await world.post('/v1/incidents', { title: 'Known' }, { key: world.keys.kim });
  return samplesFor({
    number,
    escalation: pressed.id,
    incident: known.number,
    webhook: hook.id,
    delivery: delivery.id,
  });
}

async function answeredAsDocumented(world: World, request: FuzzRequest): Promise<void> {
  const { operation, path, key, ...rest } = request;
  const reply = await world.call(operation.method, path, { ...rest, key: key && world.keys[key] });
  const about = `${JSON.stringify({ ...request, key })}\nwas answered ${reply.status} ${reply.text.slice(0, 2_000)}`;
  expect(reply.status, about).toBeLessThan(500);
  // A path that leads elsewhere, or nowhere, is judged by what it led to.
  if (templateOf(path) !== operation.path) return;
  expect(faultOf(operation, reply), about).toBeNull();
  if (reply.status < 300 && 'body' in request)
    expect(takesBody(operation, request.body), `${about}\nthough the document does not allow that body`).toBe(
      true,
    );
}
