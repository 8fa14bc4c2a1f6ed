import type { Page } from '../../domain/escalation/escalation.ts';
import type { AcknowledgeLink } from '../../domain/escalation/link.ts';
import type { Instant } from '../../domain/time.ts';
import type { TimerChange } from '../../domain/timer.ts';
import type { PhoneChange } from './phones.ts';

/** A page on its way out. Nothing here touches the ticket's lock. */
export interface Pages {
  read(home: Page['home'], id: string): Promise<Page | null>;
  /**
   * One transaction: the page (new when `from` is null, else from the state that it was read in), its timers,
   * its phone if that changed, the link that it will carry, and (once it has one) the pointer from the SNS message id.
   * @throws Conflict when the page or the phone moved meanwhile, or the page is there already.
   */
  commit(
    change: {
      page: Page;
      from: Pick<Page, 'state' | 'attempt' | 'claim'> | null;
      timers: TimerChange[];
      phone?: PhoneChange;
      link?: { token: string; to: AcknowledgeLink } | null;
    },
    at: Instant,
  ): Promise<void>;
  /** What the link with this token leads to; null for a token that never was. Expired ones are kept a month more. */
  link(token: string): Promise<AcknowledgeLink | null>;
  /** The page that SNS knows by this message id. */
  byMessageId(messageId: string): Promise<Page | null>;
}
