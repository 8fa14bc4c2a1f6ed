import { describe, expect, it } from 'vitest';
import { eventTypes, typesWithNews } from '../../../shared/contract/words.ts';
import { newsOf } from '../../../shared/domain/outage/news.ts';

const event = {
  type: 'escalation.acknowledged',
  partner: 'acme',
  ticket: 'ND-1',
  actor: { kind: 'staff', id: 'dana', name: 'Dana' },
  at: '2026-01-06T03:10:00.000Z',
  data: { escalation: { id: 'esc_1', follows: null } },
} as const;
const address = { partner: 'acme', number: 'ND-1' };

describe('what is brought on', () => {
  it('is every event of an escalation but these, which change nothing for those that follow it', () => {
    const others = eventTypes.filter(
      (type) => type.startsWith('escalation.') && !(typesWithNews as readonly string[]).includes(type),
    );
    expect(others).toEqual([
      'escalation.started',
      'escalation.updated',
      'escalation.desk_alerted',
      'escalation.paged',
      'escalation.page_retried',
      'escalation.contacted',
      'escalation.contact_asked',
      'escalation.promise_broken',
      'escalation.followed',
    ]);
  });

  it('is what happened to an escalation that may lead, and nothing of one that follows', () => {
    expect(newsOf(event)).toEqual({ to: 'followers', address, escalation: 'esc_1' });
    expect(newsOf({ ...event, data: { escalation: { id: 'esc_1', follows: 'out_1' } } })).toBeNull();
    expect(newsOf({ ...event, partner: null, ticket: null })).toBeNull();
    expect(newsOf({ ...event, type: 'escalation.paged' })).toBeNull();
  });

  it('is that nobody can be paged, and not one page that failed', () => {
    const failed = { ...event, type: 'escalation.page_failed' } as const;
    expect(newsOf({ ...failed, data: { ...event.data, page: null } })).toMatchObject({ to: 'followers' });
    expect(newsOf({ ...failed, data: { ...event.data, page: { id: 'esc_1_1' } } })).toBeNull();
  });

  it('is a comment of the staff, and none of a partner', () => {
    const said = { ...event, type: 'ticket.commented', data: {} } as const;
    const { actor: by, at: saidAt } = event;
    expect(newsOf(said)).toEqual({ to: 'lead', address, by, saidAt });
    expect(newsOf({ ...said, actor: { ...by, kind: 'partner' } })).toBeNull();
  });

  it('is what the log of the desk says of an incident, and not what its tickets repeat', () => {
    const data = { incident: { number: 'IN-1' } };
    const told = { ...event, type: 'incident.updated', partner: null, ticket: null, data } as const;
    expect(newsOf(told)).toEqual({ to: 'tickets', incident: 'IN-1' });
    expect(newsOf({ ...told, partner: 'acme', ticket: 'ND-1' })).toBeNull();
  });
});
