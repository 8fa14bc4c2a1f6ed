import type { EscalationReason } from '../../contract/words.ts';
import { fromInstant, type Instant, millisOf } from '../time.ts';
import type { PageWords } from './escalation.ts';

/** One GSM-7 segment: 160 septets (3GPP TS 23.038); a longer text is sent, and billed, in parts. */
export const segment = 160;

/** Reasons as people are told them. */
export const reasonWords: Record<EscalationReason, string> = {
  mail_not_delivered: 'mail not delivered',
  cannot_send: 'cannot send mail',
  blocked: 'blocked',
  other: 'emergency',
};

/**
 * Text that fits GSM-7 with every character one septet: accents fall off, what has no plain form becomes `?`.
 * The few extension characters (`[ ] { } ~ ^ | \ €`) cost two septets, so they are replaced as well.
 */
export function gsm7(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019\u201b`]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/[\u2013\u2014]/g, '-')
    .replace(/[[{]/g, '(')
    .replace(/[\]}]/g, ')')
    .replace(/\s+/g, ' ')
    .replace(/[^ !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z]/gu, '?')
    .trim();
}

/** By zone: one is dear to make. */
const zoneNames = new Map<string, Intl.DateTimeFormat>();

/** `22:40 ET`: the wall clock in a zone, with the zone's everyday name. */
export function clockTime(at: Instant, timezone: string): string {
  const names =
    zoneNames.get(timezone) ??
    new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'shortGeneric' });
  zoneNames.set(timezone, names);
  const zone = names.formatToParts(millisOf(at)).find((part) => part.type === 'timeZoneName');
  return `${fromInstant(at).setZone(timezone).toFormat('HH:mm')} ${zone?.value ?? timezone}`;
}

/** `Mon 23 Nov 20:00 ET` */
export function dayAndTime(at: Instant, timezone: string): string {
  return `${fromInstant(at).setZone(timezone).toFormat('ccc d LLL')} ${clockTime(at, timezone)}`;
}

/** `Mon 23 Nov 14:05 UTC`: for what belongs to nobody's zone. */
export const utcTime = (at: Instant): string => fromInstant(at).toFormat("ccc d LLL HH:mm 'UTC'");

/** `21:40 CT (22:40 ET)`: in the zone of whoever reads it, with the desk's beside where that is another. */
export function timesFor(
  { timezone }: { timezone: string | null },
  at: Instant | null,
  desk: string,
): string {
  if (at === null) return '';
  const atDesk = clockTime(at, desk);
  const there = clockTime(at, timezone ?? desk);
  return there === atDesk ? atDesk : `${there} (${atDesk})`;
}

/** `, call +` and the longest number there is (E.164: 15 digits). */
const callRoom = 23;

/** Whom to call: the partner, and the number as it can be dialled, or as it was written. */
export type Caller = Pick<PageWords, 'partnerName' | 'callback'>;

/**
 * `<head>Acme MSP, call +12025550147<tail>` in one segment. Head and tail stay whole: the partner's name is cut first,
 * then the callback as written, which then ends in `...`, so that it never looks whole.
 */
export function callText(head: string, { partnerName, callback }: Caller, tail = '.'): string {
  const room = segment - head.length - tail.length;
  const call = cut(`call ${gsm7(callback)}`, room);
  const name = gsm7(partnerName).slice(0, Math.max(0, room - call.length - 2));
  return `${head}${name ? `${name}, ` : ''}${call}${tail}`;
}

/** The text in so much room, three characters at least, and with `...` where it has more. */
export const cut = (text: string, room: number): string =>
  text.length <= room ? text : `${text.slice(0, room - 3)}...`;

/**
 * A page: `ND-6PC7-PS91 OUTAGE mail not delivered. Acme MSP, call +12025550147. Reply 1a to take by 22:40 ET.`
 * and then the link, if there is one. Never more than one segment: the partner's name is cut first, then the
 * callback as written. A link that would leave no room for a number that can be dialled is left out.
 */
export function pageText(words: PageWords, code: number, link: string | null = null): string {
  const head = `${words.number} ${words.severity.toUpperCase()} ${reasonWords[words.reason]}. `;
  const late = words.overdue ? 'now: OVERDUE' : 'now';
  const when = words.takeBy ? `by ${gsm7(clockTime(words.takeBy, words.timezone))}` : late;
  const reply = `. Reply ${code}a to take ${when}.`;
  const wholeCall = `, call ${gsm7(words.callback)}`;
  const withLink = link === null ? reply : `${reply} ${link}`;
  const fits = segment - head.length - withLink.length >= Math.min(wholeCall.length, callRoom);
  return callText(head, words, fits ? withLink : reply);
}

/** One message for all that is open on a phone, when the pages of a minute would be too many. */
export function bundleText(open: number, words: PageWords | null): string {
  const head = `${open} emergencies open. Latest: `;
  const tail = '. Reply ALL to take all, ? to list.';
  const latest = words ? `${words.number} ${words.severity.toUpperCase()}, ${gsm7(words.partnerName)}` : '';
  return head + latest.slice(0, segment - head.length - tail.length) + tail;
}

/** The question for a word: `ND-6PC7-PS91: any news? Acme MSP, call +12025550147. Reply 1a, or 1n and words, by …`. */
export function askText(words: PageWords, code: number): string {
  const by = words.takeBy ? gsm7(clockTime(words.takeBy, words.timezone)) : 'now';
  const head = `${words.number}: any news? `;
  const tail = `. Reply ${code}a, or ${code}n and words, by ${by}, or on-call is paged again.`;
  return callText(head, words, tail);
}

/** Any other SMS of ours: GSM-7, cut to one segment. What ends in something that has to be whole is not for it (see callText). */
export const noticeText = (text: string): string => cut(gsm7(text), segment);
