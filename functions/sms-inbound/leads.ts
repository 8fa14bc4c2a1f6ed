import { leadOf } from '../../shared/domain/outage/lead.ts';
import { isResting, type ShownNow } from '../../shared/domain/phone/phone.ts';
import type { Instant } from '../../shared/domain/time.ts';
import type { Store } from '../../shared/store/store.ts';

/** What a phone was shown, each as the escalation that acts for it now: a follower's lead, a former lead's heir. */
export async function withLeads(
  { outages }: Pick<Store, 'outages'>,
  shown: readonly ShownNow[],
  now: Instant,
): Promise<ShownNow[]> {
  return Promise.all(
    shown.map(async (each) => {
      const rests = each.state !== null && isResting(each, now);
      if (!each.follows && !rests) return each;
      const about = await outages.about(each);
      const lead = about && leadOf(about, each.escalation);
      if (!lead || !about.outage?.lead) return each;
      const { state, acknowledgedBy: holder } = about.outage.lead;
      return { ...each, state, holder, endedAt: null, lead, isOver: rests };
    }),
  );
}
