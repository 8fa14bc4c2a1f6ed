import type { Page } from '../../domain/escalation/escalation.ts';
import type { Bundle, Phone, Shown, ShownNow } from '../../domain/phone/phone.ts';
import type { Instant } from '../../domain/time.ts';

/** What one page or reply changes on a phone. */
export interface PhoneChange {
  phone: string;
  before: Phone;
  /** `version` is raised here. The same as `before`: it is only made sure that nobody has changed it since. */
  after: Phone;
  shown: Shown | null;
  bundle?: Bundle | null;
}

export interface Phones {
  /** The phone, and what it was shown of this escalation, in one consistent read. */
  read(phone: string, escalation?: string): Promise<{ phone: Phone; shown: Shown | null }>;
  /** The same with the page that its message names, still in one read. */
  withPage(message: {
    id: string;
    home: NonNullable<Page['home']>;
    phoneHash: string;
  }): Promise<{ page: Page | null; phone: Phone; shown: Shown | null }>;
  /**
   * Every escalation that this phone was shown in the last 30 days, newest first, and those that wait to be, with how each stands
   * now: one query and a BatchGetItem for each hundred. Or only what may still have a code.
   */
  shown(phone: string, which?: 'all' | 'codes'): Promise<ShownNow[]>;
  /** On its version. @throws Conflict */
  put(change: PhoneChange, at: Instant): Promise<void>;
  /** What an inbound message was found to mean; null when it is new. Kept 7 days. */
  inbound(inboundMessageId: string): Promise<Inbound | null>;
  /**
   * Notes what a message means before that is done, so that it means the same when it comes again; and then
   * that it is done.
   * @returns what is noted: another's reading of the same message, if that was first.
   */
  noteInbound(inboundMessageId: string, noted: Inbound, at: Instant): Promise<Inbound>;
}

/** The escalations that a message is about, or what it is answered with; neither: silence. */
export interface Inbound {
  means: string[];
  say: string | null;
  /** It made no sense: such answers are counted. */
  error: boolean;
  done: boolean;
}
