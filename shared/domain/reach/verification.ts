import type { Staff } from '../directory.ts';
import type { Page } from '../escalation/escalation.ts';
import { noticeText } from '../escalation/text.ts';
import { notice } from '../notice.ts';
import { isRunning, type ShownNow } from '../phone/phone.ts';
import { addSeconds, type Instant, secondsBetween } from '../time.ts';

/** A phone that was asked to prove that messages go both ways. Any reply within 24 h is the proof. */
export interface Verification {
  staff: string;
  phone: string;
  /** When it was asked, in the last 24 h. */
  sentAt: Instant[];
  /** The end of the last asking. */
  until: Instant;
}

const dayHours = 24;
const answerSeconds = dayHours * 3_600;
/** An SMS may take its time: asking again sooner only confuses. */
const againSeconds = 60;
const mostADay = 5;

export type Asking =
  | { asked: true; verification: Verification; page: Page }
  /** Asked too often: `retryAfter` seconds from now it may be asked again. */
  | { asked: false; retryAfter: number; because: string };

/** Asks a phone to verify itself, unless it was asked a moment ago or often today. */
export function askToVerify(
  person: Staff & { phone: string },
  pending: Verification | null,
  { id, provider, now }: { id: string; provider: string; now: Instant },
): Asking {
  const sentAt = (pending?.staff === person.id ? pending.sentAt : []).filter(
    (at) => at <= now && addSeconds(at, answerSeconds) > now,
  );
  const [first, last] = [sentAt[0], sentAt.at(-1)];
  if (last && addSeconds(last, againSeconds) > now) {
    const retryAfter = Math.ceil(secondsBetween(now, addSeconds(last, againSeconds)));
    return { asked: false, retryAfter, because: 'This phone was asked a moment ago: wait for its SMS.' };
  }
  if (first && sentAt.length >= mostADay) {
    const retryAfter = Math.ceil(secondsBetween(now, addSeconds(first, answerSeconds)));
    return { asked: false, retryAfter, because: `This phone was asked ${mostADay} times in a day.` };
  }
  const text = `${provider}: reply OK to show that on-call pages reach this phone and your answers reach us. Any word will do, within ${dayHours} hours.`;
  return {
    asked: true,
    verification: {
      staff: person.id,
      phone: person.phone,
      sentAt: [...sentAt, now],
      until: addSeconds(now, answerSeconds),
    },
    page: notice({ id, kind: 'verify', to: person, text: noticeText(text), now }),
  };
}

/** Whether a reply, sent at `sentAt` and read at `now`, proves this person's phone. */
export function verifies(
  pending: Verification | null,
  reply: { staff: Staff; sentAt: Instant; now: Instant },
): boolean {
  const [first] = pending?.sentAt ?? [];
  if (!pending || !first) return false;
  const { staff, sentAt, now } = reply;
  return (
    pending.staff === staff.id && pending.phone === staff.phone && first <= sentAt && now <= pending.until
  );
}

/**
 * Whether a reply may be the one that was asked for, too late to prove anything. What is open on the phone, `all`
 * that it was shown, comes first: then it is the words for that which are told.
 */
export function hasLapsed(
  pending: Verification | null,
  { staff, all, now }: { staff: Staff; all: readonly ShownNow[]; now: Instant },
): boolean {
  const isTheirs = pending?.staff === staff.id && pending.phone === staff.phone;
  return isTheirs && pending.until < now && !all.some(isRunning);
}

export const lapsedAnswer = `Too late to verify this phone: that was good for ${dayHours} hours. Ask your desk for a new one. Pages still come to this phone.`;

export const verifiedAnswer =
  'Thank you: pages reach this phone. Reply ? to a page for what can be answered.';
