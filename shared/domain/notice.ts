import type { NoticeKind, Page, Person } from './escalation/escalation.ts';
import type { Instant } from './time.ts';

/** An SMS that belongs to no ticket: an answer to a phone, a verification, a drill, news for managers. */
export function notice(about: {
  id: string;
  kind: NoticeKind;
  to: Person & { phone: string };
  text: string;
  now: Instant;
}): Page {
  const { id, kind, to, text, now } = about;
  return {
    id,
    home: null,
    notice: kind,
    to: { id: to.id, name: to.name },
    method: 'sms',
    phone: to.phone,
    level: 0,
    state: 'queued',
    attempt: 1,
    words: null,
    text,
    code: null,
    queuedAt: now,
    held: null,
    at: now,
    claim: null,
    failure: null,
    messageId: null,
    wentWith: null,
  };
}
