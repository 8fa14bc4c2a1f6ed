/**
 * The moved clock as JavaScript sees it: `Date` shifted by an offset in shared memory, so that the process that
 * hosts the queues and every worker read the same time, and a move shows everywhere at once. Timers and
 * `performance.now()` keep to real time.
 */

const RealDate = Date;

/** The time that the machine has, whatever the moved clock says. */
export const realNow = (): number => RealDate.now();

/** Memory for an offset in milliseconds that threads share. */
export function sharedOffset(): SharedArrayBuffer {
  return new SharedArrayBuffer(8);
}

/** Replaces the global `Date` of this thread by one that is shifted by the offset. */
export function installMovedDate(offset: SharedArrayBuffer): void {
  const milliseconds = new BigInt64Array(offset);
  const now = () => RealDate.now() + Number(Atomics.load(milliseconds, 0));

  function MovedDate(...args: unknown[]): Date | string {
    if (!new.target) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, new.target);
  }
  MovedDate.prototype = RealDate.prototype;
  MovedDate.now = now;
  MovedDate.parse = RealDate.parse;
  MovedDate.UTC = RealDate.UTC;
  RealDate.prototype.constructor = MovedDate;
  Object.defineProperty(MovedDate, 'name', { value: 'Date' });
  globalThis.Date = MovedDate as unknown as DateConstructor;
}
