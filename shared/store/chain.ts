import { canonicalJson } from '../domain/canonical-json.ts';
import type { NewEvent, TicketEvent } from '../domain/event.ts';
import { eventText } from '../domain/event-text.ts';
import type { Instant } from '../domain/time.ts';
import { type Random, sha256 } from '../runtime/random.ts';
import { symbolsOf } from './keys.ts';

/**
 * The hash chain of a ticket's events, and of the desk's own.
 *
 * - `dataHash` = SHA-256(the salt's 16 bytes ‖ canonical JSON of `data`).
 * - `hash` = SHA-256(canonical JSON of `{id, ticket, partner, seq, type, at, actor, internal, dataHash, prevHash}`):
 *   all but `data` and `salt`, which an erasure takes away, and `text`, which is made of the data and goes with it.
 * - `prevHash` of the first event is 64 zeros. The ticket row, or the log's own head, keeps `seq` and `head`, the last event's hash.
 */
export const genesis = '0'.repeat(64);

export interface Head {
  seq: number;
  head: string;
}

/** An event as the chain sees it; data and salt are null once a person was erased. */
export type ChainedEvent = Omit<TicketEvent, 'data' | 'text'> & { data: Record<string, unknown> | null };

/** Gives new events their places after `last`. The data is kept exactly as it was hashed. */
export function chain(
  events: readonly NewEvent[],
  subject: { number: string | null; partner: string | null },
  last: Head,
  at: Instant,
  random: Random,
): { events: TicketEvent[]; head: Head } {
  let head: Head = { seq: last.seq, head: last.head };
  const chained = events.map((event): TicketEvent => {
    const seq = head.seq + 1;
    const canonical = canonicalJson(event.data);
    const salt = random.bytes(16);
    const links = {
      id: `evt_${subject.number === null ? 'desk' : symbolsOf(subject.number)}_${seq}`,
      ticket: subject.number,
      partner: subject.partner,
      seq,
      type: event.type,
      at,
      actor: event.actor,
      internal: event.internal ?? false,
      dataHash: sha256(salt, canonical),
      prevHash: head.head,
    };
    const hash = hashOf(links);
    head = { seq, head: hash };
    return {
      ...links,
      data: JSON.parse(canonical),
      salt: Buffer.from(salt).toString('hex'),
      hash,
      text: eventText(event, subject.number),
    };
  });
  return { events: chained, head };
}

export interface ChainFault {
  seq: number;
  /** `missing`: a gap; `altered`: hashes do not fit; `cut`: the log ends before the head that the ticket keeps. */
  fault: 'missing' | 'altered' | 'cut';
}

/**
 * What is wrong with a ticket's whole log, oldest first; nothing when it is as it was written. Events are kept for
 * 25 months: the log of a ticket that is `older` than that may begin later, and is verified from there to the head.
 */
export function verifyChain(
  events: readonly ChainedEvent[],
  head: Head,
  { older = false }: { older?: boolean } = {},
): ChainFault[] {
  const faults: ChainFault[] = [];
  const [first] = events;
  const begins = older && first !== undefined;
  let last: Head = begins ? { seq: first.seq - 1, head: first.prevHash } : { seq: 0, head: genesis };
  for (const event of events) {
    if (event.seq !== last.seq + 1) faults.push({ seq: last.seq + 1, fault: 'missing' });
    else if (event.prevHash !== last.head || hashOf(event) !== event.hash || !dataFits(event))
      faults.push({ seq: event.seq, fault: 'altered' });
    last = { seq: event.seq, head: event.hash };
  }
  if (last.seq < head.seq) faults.push({ seq: last.seq + 1, fault: 'cut' });
  else if (last.seq > head.seq || last.head !== head.head) faults.push({ seq: head.seq, fault: 'altered' });
  return faults;
}

type Links = Omit<ChainedEvent, 'data' | 'salt' | 'hash'>;

function hashOf({ id, ticket, partner, seq, type, at, actor, internal, dataHash, prevHash }: Links): string {
  return sha256(canonicalJson({ id, ticket, partner, seq, type, at, actor, internal, dataHash, prevHash }));
}

function dataFits({ data, salt, dataHash }: ChainedEvent): boolean {
  if (data === null || salt === null) return data === null && salt === null;
  return sha256(Buffer.from(salt, 'hex'), canonicalJson(data)) === dataHash;
}
