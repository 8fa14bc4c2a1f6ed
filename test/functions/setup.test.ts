import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { makeHandler } from '../../functions/setup/setup.ts';
import { scopes } from '../../shared/contract/words.ts';
import { parseApiKey, secretMatches } from '../../shared/runtime/api-key.ts';
import { systemRandom } from '../../shared/runtime/random.ts';
import { context } from '../fakes/carrier-desk.ts';
import { world } from '../store/world.ts';

it('makes the first admin with a key that may do everything, and keeps no secret', async () => {
  const { store, clock, documents, table } = await world();
  const handler = makeHandler({ store, clock, random: systemRandom });
  const answer = await handler({ name: 'Ada', email: 'ada@desk.example' }, context);
  if (!('key' in answer)) throw new Error('it was set up before');
  const presented = parseApiKey(answer.key);
  const record = await store.keys.byId(presented?.id ?? '');
  expect(record).toMatchObject({
    staff: answer.staffId,
    partner: null,
    scopes,
    expiresAt: null,
    revokedAt: null,
  });
  expect(record && secretMatches(record, presented?.secret ?? '')).toBe(true);
  expect(record && secretMatches(record, 'f'.repeat(64))).toBe(false);
  expect(await store.directory.staffMember(answer.staffId)).toMatchObject({ name: 'Ada', role: 'admin' });
  const { Items } = await documents.send(new ScanCommand({ TableName: table }));
  expect(JSON.stringify(Items)).not.toContain(presented?.secret);
});

it('does so once in the life of a table, however many try at once', async () => {
  const { store, clock } = await world();
  const handler = makeHandler({ store, clock, random: systemRandom });
  const answers = await Promise.all(Array.from({ length: 5 }, () => handler({}, context)));
  expect(answers.filter((answer) => 'key' in answer)).toHaveLength(1);
  expect(await handler(null, context)).toEqual({ alreadySetUp: true });
});

it.each([{ email: 'nobody' }, { name: '' }, 'Ada', 7])('refuses %j', async (event) => {
  const { store, clock } = await world();
  const handler = makeHandler({ store, clock, random: systemRandom });
  await expect(handler(event, context)).rejects.toThrow();
});
