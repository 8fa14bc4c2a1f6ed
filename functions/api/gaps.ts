import type { CoverageGap } from '../../shared/domain/coverage/coverage.ts';
import { addSeconds } from '../../shared/domain/time.ts';
import { type Answer, json } from '../../shared/runtime/http.ts';
import type { Call, Effect } from './call.ts';

/** Coverage is loaded when it is looked at, so that no cold start pays for it. */
export const loadCoverage = () => import('../../shared/domain/coverage/coverage.ts');

/** Runs a change; one that opens holes is answered with them. What covers is read afresh, before and after. */
export async function tellingGaps(
  call: Pick<Call, 'desk' | 'now'>,
  run: () => Promise<Answer | Effect>,
): Promise<Answer | Effect> {
  const before = await gapsOf(call);
  const { openedGaps } = await loadCoverage();
  const tell = async (answer: Answer): Promise<Answer> => {
    const gaps = openedGaps(before, await gapsOf(call));
    if (gaps.length === 0) return answer;
    if (answer.body === '') return json(200, { gaps });
    return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), gaps }) };
  };
  const result = await run();
  // What is told is known only afterwards, so the answer is kept then.
  return typeof result === 'function' ? async () => tell(await result(() => undefined)) : tell(result);
}

/** None while the desk is not set up. */
async function gapsOf({ desk: { store }, now }: Pick<Call, 'desk' | 'now'>): Promise<CoverageGap[]> {
  const { coverage, daysAhead } = await loadCoverage();
  const [roster, reach] = await Promise.all([store.directory.roster(), store.reach.all()]);
  return roster ? coverage({ roster, reach }, now, addSeconds(now, daysAhead * 86_400)).gaps : [];
}
