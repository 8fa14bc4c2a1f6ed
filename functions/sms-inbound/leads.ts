import { leadOf } from '../../shared/domain/outage/lead.ts';
import type { ShownNow } from '../../shared/domain/phone/phone.ts';
import { addSeconds, type Instant } from '../../shared/domain/time.ts';
import type { Store } from '../../shared/store/store.ts';

/** A code rests so long after its escalation has ended: until then it may stand for what goes on. */
const restSeconds = 12 * 3600;

/** What a phone was shown, each as the escalation that acts for it now: a follower's lead, a former lead's heir. */
export async function withLeads(
  { outages }: Pick<Store, 'outages'>,
  shown: readonly ShownNow[],
  now: Instant,
): Promise<ShownNow[]> {
  return Promise.all(
    shown.map(async (each) => {
      const rests =
        each.state !== null && each.endedAt !== null && addSeconds(each.endedAt, restSeconds) >= now;
      if (!each.follows && !rests) return each;
      const about = await outages.about(each);
      const lead = about && leadOf(about, each.escalation);
      if (!lead || !about.outage?.lead) return each;
      const { state, acknowledgedBy: holder } = about.outage.lead;
      return { ...each, state, holder, endedAt: null, lead };
    }),
  );
}
