import type { Page } from '../../domain/escalation/escalation.ts';
import type { Reach, ReachFact } from '../../domain/reach/reach.ts';
import type { Verification } from '../../domain/reach/verification.ts';
import type { Instant } from '../../domain/time.ts';

/** What is known of phones by writing to them, and the proof that they answer. Read consistently, never cached. */
export interface Reaches {
  /** Of every phone of which something is known. */
  all(): Promise<Reach[]>;
  of(phone: string): Promise<Reach | null>;
  /** Takes in a fact of `at`; written only when it is news. */
  learn(phone: string, fact: ReachFact, at: Instant): Promise<void>;
  /** The latest asking of this phone; it may have run out. */
  verification(phone: string): Promise<Verification | null>;
  /** One transaction: the asking, in the place of the one that was read, and its SMS. @throws Conflict */
  ask(verification: Verification, page: Page, before: Verification | null): Promise<void>;
  /**
   * One transaction: the person's phone is verified, the asking is over, and what spoke against the phone is
   * forgotten. false when the person has another phone by now.
   */
  verify(verification: Verification, at: Instant): Promise<boolean>;
}
