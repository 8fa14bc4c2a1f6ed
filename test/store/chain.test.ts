import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { decided } from '../../shared/domain/decision.ts';
import type { TicketEvent } from '../../shared/domain/event.ts';
import { sha256, systemRandom } from '../../shared/runtime/random.ts';
import { chain, genesis, type Head, verifyChain } from '../../shared/store/chain.ts';
import { anEvent, aTicket, creation } from './samples.ts';
import { start, world } from './world.ts';

const ticket = { number: 'ND-6PC7-PS9V', partner: 'par_acme' };
const six = chain(
  Array.from({ length: 6 }, (_, n) => anEvent({ data: { n } })),
  ticket,
  { seq: 0, head: genesis },
  start,
  systemRandom,
);
const altered = (n: number, change: Partial<TicketEvent>): TicketEvent[] =>
  six.events.map((event) => (event.seq === n ? { ...event, ...change } : event));

describe('the event chain', () => {
  test('verifies as written', () => {
    expect(verifyChain(six.events, six.head)).toEqual([]);
    expect(six.events[0]).toMatchObject({ id: 'evt_6PC7PS9V_1', seq: 1, prevHash: genesis });
  });

  test('can be checked by hand: salt and canonical data give dataHash, the other members give hash', () => {
    const [event] = six.events;
    if (!event?.salt) throw new Error('no event');
    const { data, salt, hash, text: _, ...links } = event;
    expect(sha256(Buffer.from(salt, 'hex'), '{"n":0}')).toBe(links.dataHash);
    expect(data).toEqual({ n: 0 });
    expect(sha256(canonicalJson(links))).toBe(hash);
  });

  test.each([
    ['an actor', { actor: { kind: 'staff', id: 'stf_x', name: 'X' } }],
    ['a time', { at: '2026-01-06T03:11:00.000Z' }],
    ['a type', { type: 'ticket.closed' }],
    ['who may see it', { internal: true }],
    ['data', { data: { n: 99 } }],
    ['a salt', { salt: '00'.repeat(16) }],
    ['data without its salt', { salt: null }],
    ['a hash', { hash: genesis }],
  ] satisfies [string, Partial<TicketEvent>][])('shows that %s was altered', (_, change) => {
    expect(verifyChain(altered(3, change), six.head)).toContainEqual({ seq: 3, fault: 'altered' });
  });

  test('shows what is missing, cut, or put there later', () => {
    expect(verifyChain(six.events.toSpliced(2, 1), six.head)).toEqual([{ seq: 3, fault: 'missing' }]);
    expect(verifyChain(six.events.slice(0, 4), six.head)).toEqual([{ seq: 5, fault: 'cut' }]);
    expect(verifyChain([], six.head)).toEqual([{ seq: 1, fault: 'cut' }]);
    const forged = chain([anEvent()], ticket, six.head, start, systemRandom);
    expect(verifyChain([...six.events, ...forged.events], six.head)).toEqual([{ seq: 6, fault: 'altered' }]);
  });

  test('begins later once its oldest events have expired, and shows what is missing or altered from there on', () => {
    const kept = six.events.slice(2);
    expect(verifyChain(kept, six.head)).toEqual([{ seq: 1, fault: 'missing' }]);
    expect(verifyChain(kept, six.head, { older: true })).toEqual([]);
    expect(verifyChain(kept.toSpliced(1, 1), six.head, { older: true })).toEqual([
      { seq: 4, fault: 'missing' },
    ]);
    expect(verifyChain(kept.slice(0, 2), six.head, { older: true })).toEqual([{ seq: 5, fault: 'cut' }]);
  });

  test('shows an ending that was rewritten with right hashes, since the ticket keeps the head', () => {
    const before: Head = { seq: 4, head: six.events[3]?.hash ?? '' };
    const rewritten = chain([anEvent(), anEvent()], ticket, before, start, systemRandom);
    expect(verifyChain([...six.events.slice(0, 4), ...rewritten.events], six.head)).toEqual([
      { seq: 6, fault: 'altered' },
    ]);
  });

  test('still verifies when a person was erased from it', () => {
    const erased = six.events.map((event) => ({
      ...event,
      ...(event.seq === 2 && { data: null, salt: null }),
    }));
    expect(verifyChain(erased, six.head)).toEqual([]);
  });

  test('verifies after DynamoDB, whatever JSON the data is that DynamoDB takes', async () => {
    const w = await world();
    let before = await w.store.cases.commit(null, creation(aTicket()), start);
    const dictionary = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }));
    for (const json of fc.sample(fc.array(dictionary, { minLength: 40, maxLength: 40 }), 3)) {
      const events = json.map((data) => anEvent({ data: withinDynamoDb(data) }));
      before = await w.store.cases.commit(before, decided(before, { events }), start);
    }
    const awkward = { a: undefined, b: '\ud800', c: -0, d: 1e15, e: '', f: [undefined, {}], 'é\u0000': 0.1 };
    const events = [anEvent({ data: awkward })];
    before = await w.store.cases.commit(before, decided(before, { events }), start);
    const { data } = await w.store.cases.events(before.ticket, { limit: 200 });
    expect(data).toHaveLength(122);
    expect(verifyChain(data, before.ticket)).toEqual([]);
  });
});

test('canonical JSON does not depend on the order of members', () => {
  const shuffled = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(shuffled)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .map(([name, member]) => [name, shuffled(member)])
              .reverse(),
          )
        : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

/** DynamoDB has no huge or tiny numbers and no empty names, its client no member `__proto__`. */
function withinDynamoDb(data: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(data, (_, value) =>
    typeof value === 'number' && (Math.abs(value) > 1e15 || Math.abs(value) < 1e-100) ? 0 : value,
  );
  return JSON.parse(text.replaceAll(/"(__proto__)?":/g, '"-":'));
}
