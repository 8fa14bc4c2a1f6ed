import { expect } from 'vitest';
import { isLeading, roleOf } from '../../../shared/domain/outage/outage.ts';
import type { Many } from './many.ts';

/** What holds at every instant, news delivered or not. */
export function always(world: Many): void {
  const leads = new Map<string, string>();
  for (const [n, { escalation }] of world.cases.entries()) {
    if (!escalation) continue;
    const active = escalation.state === 'paging' || escalation.state === 'acknowledged';
    const state = world.state(n);
    const role = roleOf(state);
    // At most one leads an outage.
    const outage = state.outage?.group.id;
    if (active && role === 'lead' && outage) {
      expect(leads.has(outage), `${outage} has two leads`).toBe(false);
      leads.set(outage, escalation.id);
    }
    // What follows is a row of its outage, and nothing else is.
    const row =
      escalation.outage &&
      world.membersOf(escalation.outage.id).some((each) => each.escalation === escalation.id);
    if (escalation.outage) expect(row, escalation.id).toBe(active && escalation.outage.follows);
    // While nobody has it, something will happen.
    if (escalation.state === 'paging') expect(world.timers.has(`level ${escalation.id}`)).toBe(true);
    // Nothing of a follower is left to ring, and its silence is not its own to break.
    if (active && role === 'follower' && escalation.outage) {
      expect(state.pages.filter((page) => page.notice === null && page.state === 'queued')).toEqual([]);
      expect(world.timers.has(`contact ${escalation.id}`)).toBe(false);
    }
    expect(escalation.acknowledgedBy === null && escalation.state === 'acknowledged').toBe(false);
  }
}

/** What holds once the news has been delivered: somebody pages for whoever is not held, and all are in step. */
export function settled(world: Many): void {
  for (const [n, { escalation }] of world.cases.entries()) {
    if (!escalation || (escalation.state !== 'paging' && escalation.state !== 'acknowledged')) continue;
    const state = world.state(n);
    if (roleOf(state) !== 'follower') continue;
    const lead = state.outage?.lead;
    expect(lead && isLeading(lead), `${escalation.id} follows nobody`).toBe(true);
    expect(escalation.state).toBe(lead?.state);
    expect(escalation.acknowledgedBy).toEqual(lead?.acknowledgedBy);
    // Another number to call is never lost: who holds it was told, or the desk where they cannot be.
    const { newsAt, acknowledgedBy: holder, callback } = escalation;
    const told = state.pages.filter(
      ({ to, notice, text, words }) =>
        (to.id === holder?.id || notice === 'desk_alert') &&
        (text?.includes(callback.phone) || words?.callback === callback.phone),
    );
    if (newsAt && holder) expect(told, escalation.id).not.toEqual([]);
  }
}

/** A promise is kept when, and only when, its partner saw it held at its own due time (or over by then). */
export function promises(world: Many): void {
  for (const { escalation } of world.cases) {
    if (!escalation) continue;
    const held = world.heldWhenDue.get(escalation.id);
    if (typeof held === 'boolean')
      expect([escalation.id, escalation.promise.brokenAt === null]).toEqual([escalation.id, held]);
  }
}
