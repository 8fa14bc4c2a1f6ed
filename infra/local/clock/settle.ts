import type { Activity } from '../activity.ts';
import type { Source } from '../sources/source.ts';

/**
 * Resolves when nothing is left to do at this instant: no function runs, no stream record is unread, no message
 * visible. Nothing is guessed from time passing: each source is looked at anew, and if any function began in the
 * meantime, all are looked at again.
 */
export async function settle(activity: Activity, sources: readonly Source[]): Promise<void> {
  for (;;) {
    await activity.whenIdle();
    const begun = activity.begun;
    const drained = await Promise.all(sources.map((source) => source.isDrained()));
    if (drained.every(Boolean) && activity.idle && activity.begun === begun) return;
    // What is not drained was handed on by the look itself, and runs now; or waits for the others to end.
    if (activity.idle) await new Promise((resume) => setImmediate(resume));
  }
}
