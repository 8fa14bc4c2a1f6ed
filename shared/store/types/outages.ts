import type { Case } from '../../domain/decision.ts';
import type { Escalation } from '../../domain/escalation/escalation.ts';
import type { Group, Member, OutageView } from '../../domain/outage/outage.ts';
import type { PressView } from '../../domain/outage/place.ts';

/** The escalations that are one outage. All reads are consistent; rows change with a case's commit. */
export interface Outages {
  group(key: string): Promise<Group | null>;
  /** The outage that a case may share, with the escalation that leads it; null when there is none. */
  of(state: Case): Promise<OutageView | null>;
  /** One escalation with its outage; null when it never shared one. */
  about(
    member: Pick<Member, 'partner' | 'ticket' | 'escalation'>,
  ): Promise<Pick<Case, 'escalation' | 'outage'> | null>;
  /** The same for many, by their ids: a BatchGetItem for each hundred of them, of their groups and of their leads. */
  aboutAll(
    members: readonly Pick<Member, 'partner' | 'ticket' | 'escalation'>[],
  ): Promise<Map<string, Pick<Case, 'escalation' | 'outage'>>>;
  /** What a press falls into. */
  atPress(key: string): Promise<Pick<PressView, 'group' | 'lead' | 'recent'>>;
  /** The escalation that leads a group, as it is now. */
  lead(group: Group): Promise<Escalation | null>;
  /** The same, for many commands of one moment: each group and each lead is read once. */
  remembering(): Outages;
  /** Who follows, oldest first, request by request. */
  members(outage: string): AsyncIterable<Member[]>;
}
