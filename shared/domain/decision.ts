import type { ProblemCode } from '../contract/problems.ts';
import type { Escalation, Page } from './escalation/escalation.ts';
import type { NewEvent } from './event.ts';
import type { OutageChange, OutageView } from './outage/outage.ts';
import type { Ticket } from './ticket/ticket.ts';
import type { Instant } from './time.ts';
import type { TimerChange } from './timer.ts';

/** A ticket with the escalation that it is having or last had, and that escalation's pages: one aggregate. */
export interface Case {
  ticket: Ticket;
  escalation: Escalation | null;
  pages: Page[];
  /** The outage that its escalation may share, read with it where somebody decides or looks. */
  outage?: OutageView | null;
}

/** A page row to write: new, or changed from a state that must still hold when it is committed. */
export type PageChange = { add: Page } | { change: Page; from: Pick<Page, 'state' | 'attempt' | 'claim'> };

/** One more escalation in a partner's night; the commit fails when the cap has been reached meanwhile. */
export interface NightCount {
  partner: string;
  /** The opening instant that ends the night: names it from one closing to the next opening. */
  night: Instant;
  /** null: it counts, and is never too many. */
  cap: number | null;
}

/**
 * What a decision wants committed, as one transaction. `ticket` is always written when anything else of
 * the aggregate is (its version is the lock); its `version`, `seq` and `head` are the commit's to move.
 */
export interface Decided {
  refused: false;
  ticket: Ticket;
  escalation: Escalation | null;
  pages: PageChange[];
  events: NewEvent[];
  timers: TimerChange[];
  outage: OutageChange[];
  night: NightCount | null;
  /** Nothing to write: the answer is the state as it is (a second press, a late message). */
  unchanged: boolean;
}

/** A refusal is data: the code picks status and title from the one problem map. */
export interface Refused {
  refused: true;
  code: ProblemCode;
  detail: string;
  errors?: { field: string; message: string }[];
  /** Extra members of the problem document, such as `phone`. */
  extra?: Record<string, unknown>;
}

export type Decision = Decided | Refused;

export function refuse(
  code: ProblemCode,
  detail: string,
  more: Omit<Refused, 'refused' | 'code' | 'detail'> = {},
): Refused {
  return { refused: true, code, detail, ...more };
}

export function decided(state: Case, changes: Partial<Omit<Decided, 'refused' | 'unchanged'>>): Decided {
  return {
    refused: false,
    ticket: state.ticket,
    escalation: null,
    pages: [],
    events: [],
    timers: [],
    outage: [],
    night: null,
    ...changes,
    unchanged: false,
  };
}

/** The state already is what the command wants. */
export function nothingToDo(state: Case): Decided {
  return { ...decided(state, {}), unchanged: true };
}
