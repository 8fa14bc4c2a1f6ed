import { millisOf } from '../domain/time.ts';
import type { Clock } from '../runtime/clock.ts';

const seconds = 60;
const mostEntries = 1_000;

/**
 * Remembers what was found for 60 s by the clock passed in; a clock put back makes everything old. What was
 * not found is asked for each time, so that something new works at once.
 */
export class Cache<T> {
  private readonly clock: Clock;
  private readonly held = new Map<string, { at: number; value: T }>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async get(id: string, load: () => Promise<T | null>, options?: { fresh: boolean }): Promise<T | null> {
    const now = millisOf(this.clock.now());
    const known = this.held.get(id);
    const age = known ? now - known.at : Number.NaN;
    if (known && !options?.fresh && age >= 0 && age < seconds * 1_000) return known.value;
    const value = await load();
    this.forget(id);
    if (value !== null) this.keep(id, { at: now, value });
    return value;
  }

  forget(id: string): void {
    this.held.delete(id);
  }

  /** Full, it loses the entry that was put in first. */
  private keep(id: string, entry: { at: number; value: T }): void {
    for (const [oldest] of this.held) {
      if (this.held.size < mostEntries) break;
      this.held.delete(oldest);
    }
    this.held.set(id, entry);
  }
}
