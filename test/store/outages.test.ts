import { describe, expect, it } from 'vitest';
import { decided } from '../../shared/domain/decision.ts';
import { type Group, type Member, memberOf } from '../../shared/domain/outage/outage.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import { anEscalation, aTicket, creation } from './samples.ts';
import { start, world } from './world.ts';

const own = await world();

describe('the rows of an outage', () => {
  const key = 'service/mail/blocked';
  const groupOf = (change: Partial<Group> = {}): Group => ({
    key,
    version: 1,
    id: 'out_1',
    lead: null,
    recent: [],
    former: null,
    toldAt: null,
    ...change,
  });
  const escalated = async () => {
    const state = await own.store.cases.commit(null, creation(aTicket()), start);
    return { state, escalation: anEscalation(state.ticket) };
  };

  it('are written with the case, the group on the version that was read', async () => {
    const { state, escalation } = await escalated();
    const lead = memberOf(escalation, start);
    const first = decided(state, { escalation, outage: [{ group: groupOf({ lead }), from: null }] });
    const committed = await own.store.cases.commit(state, first, start);
    expect(await own.store.outages.group(key)).toEqual(groupOf({ lead }));
    expect((await own.store.outages.atPress(key)).lead?.id).toBe(escalation.id);

    const stale = decided(committed, { outage: [{ group: groupOf({ version: 2 }), from: null }] });
    await expect(own.store.cases.commit(committed, stale, start)).rejects.toThrow(Conflict);
    const next = decided(committed, { outage: [{ group: groupOf({ version: 2, lead }), from: 1 }] });
    await own.store.cases.commit(committed, next, start);
    expect((await own.store.outages.group(key))?.version).toBe(2);
  });

  it('list followers oldest first; one that joins and leaves in one transaction has left', async () => {
    const { state } = await escalated();
    const member = (n: number): Member => ({
      partner: 'par',
      ticket: 'ND-1',
      escalation: `esc_${n}`,
      at: `2026-01-05T14:0${n}:00.000Z`,
    });
    const outage = [3, 1, 2].map((n) => ({ join: member(n), outage: 'out_2' }));
    const left = { leave: member(2), outage: 'out_2' };
    await own.store.cases.commit(state, decided(state, { outage: [...outage, left] }), start);
    const found: string[] = [];
    for await (const members of own.store.outages.members('out_2'))
      found.push(...members.map(({ escalation }) => escalation));
    expect(found).toEqual(['esc_1', 'esc_3']);
  });

  it('are read with a follower and its lead, and with the count of followers for a lead that is held', async () => {
    const one = await escalated();
    const two = await escalated();
    const mine = { id: 'out_3', key: 'service/x/blocked', follows: false, leftAt: null, told: 0 };
    const held = {
      state: 'acknowledged' as const,
      acknowledgedBy: { id: 'dana', name: 'Dana' },
      acknowledgedAt: start,
    };
    const lead = { ...one.escalation, ...held, outage: mine };
    const follower = { ...two.escalation, outage: { ...mine, follows: true } };
    const group = groupOf({ key: mine.key, id: 'out_3', lead: memberOf(lead, start) });
    const leads = await own.store.cases.commit(
      one.state,
      decided(one.state, { escalation: lead, outage: [{ group, from: null }] }),
      start,
    );
    const follows = await own.store.cases.commit(
      two.state,
      decided(two.state, {
        escalation: follower,
        outage: [{ join: memberOf(follower, start), outage: 'out_3' }],
      }),
      start,
    );
    expect(await own.store.outages.of(leads)).toMatchObject({ lead: null, followers: 1 });
    expect(await own.store.outages.of(follows)).toMatchObject({ lead: { id: lead.id }, followers: null });
    const about = { partner: follower.partner, ticket: follower.ticket, escalation: follower.id };
    expect((await own.store.outages.about(about))?.outage?.lead?.id).toBe(lead.id);
    const alone = await escalated();
    expect(await own.store.outages.of(alone.state)).toBeNull();
  });
});
