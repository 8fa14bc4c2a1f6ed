import { describe, expect, it } from 'vitest';
import { exampleData } from '../../shared/contract/events/example.ts';
import { eventTypes } from '../../shared/contract/words.ts';
import { system } from '../../shared/domain/event.ts';
import { eventText } from '../../shared/domain/event-text.ts';

describe('an event in one sentence', () => {
  it.each(eventTypes)('%s has no instant that only a machine reads', (type) => {
    const text = eventText({ type, actor: system, data: exampleData(type) }, 'ND-6PC7-PS91');
    expect(text).not.toMatch(/\d{4}-\d{2}-\d{2}T/);
  });

  it.each([
    ['paging', 'belongs to a known outage, and staff are being alerted for that already.'],
    ['acknowledged', 'belongs to a known outage.'],
  ])('says of one that follows while its lead is %s what is true then', (state, words) => {
    const data = { escalation: { state } };
    const text = eventText({ type: 'escalation.followed', actor: system, data }, 'ND-6PC7-PS91');
    expect(text).toBe(`ND-6PC7-PS91 ${words}`);
  });

  it('knows the system by what it is, whatever a partner is called', () => {
    const actor = { ...system, kind: 'partner' as const };
    const text = eventText({ type: 'escalation.not_contacted', actor, data: { from: null } }, 'ND-6PC7-PS91');
    expect(text).toBe(`ND-6PC7-PS91 has had no call, says ${system.name}.`);
  });

  it('says by when a person takes it on the clock of the desk', () => {
    const data = {
      escalation: { reason: 'blocked', promise: { dueAt: '2026-01-06T03:40:00.000Z' } },
      ...{ again: false, timezone: 'America/New_York' },
    };
    const text = eventText({ type: 'escalation.started', actor: system, data }, 'ND-6PC7-PS91');
    expect(text).toContain('A person takes it by 22:40 ET.');
  });
});
