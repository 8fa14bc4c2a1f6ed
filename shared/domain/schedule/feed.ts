import { fromInstant, type Instant, toInstant } from '../time.ts';

/**
 * What a calendar feed shows: from the first of last month for eight months. It moves once a month only, so
 * that a shift that is cut at its edge does not become another one with every look.
 */
export function feedRange(now: Instant): { from: Instant; to: Instant } {
  const month = fromInstant(now).startOf('month');
  return { from: toInstant(month.minus({ months: 1 })), to: toInstant(month.plus({ months: 7 })) };
}
