/** SNS and SQS take ten messages a call. */
const most = 10;
/** And 256 KiB a call for SNS, with room left for attributes and envelopes. */
const mostBytes = 240 * 1024;

/** Splits into calls that keep both limits. What is too large alone goes alone. */
export function inCalls<T>(items: readonly T[], sizeOf: (item: T) => number): T[][] {
  const calls: T[][] = [];
  let call: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (call.length === most || (call.length > 0 && bytes + size > mostBytes)) {
      calls.push(call);
      call = [];
      bytes = 0;
    }
    call.push(item);
    bytes += size;
  }
  if (call.length > 0) calls.push(call);
  return calls;
}

/** How one message of a batch fared. `rejected`: it will never be taken. `failed`: it is to be tried again. */
export type Fate = { state: 'done' } | { state: 'rejected' | 'failed'; because: string };

/** What a batch call says of a message that it did not take. */
interface NotTaken {
  Id?: string | undefined;
  Code?: string | undefined;
  SenderFault?: boolean | undefined;
}

export function fateOf(failed: readonly NotTaken[] | undefined, id: string): Fate {
  const mine = failed?.find((entry) => entry.Id === id);
  if (!mine) return { state: 'done' };
  return { state: mine.SenderFault ? 'rejected' : 'failed', because: mine.Code ?? 'unknown' };
}
