/**
 * Of JSON on one page of a list. A function answers with at most 6 MB, in which every quote of the body counts
 * twice; a row is 400 KB at most: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const mostBytes = 2_000_000;

/** How much a page has room for: it ends at the first row after `isFull`. */
export class Room {
  private bytes = 0;

  isFull(): boolean {
    return this.bytes >= mostBytes;
  }

  take(row: object): void {
    this.bytes += Buffer.byteLength(JSON.stringify(row));
  }
}

/** The first of the rows, as many as a page has room for. */
export function fitting<T extends object>(rows: readonly T[], limit: number): T[] {
  const room = new Room();
  const some: T[] = [];
  for (const row of rows) {
    if (some.length === limit || room.isFull()) break;
    room.take(row);
    some.push(row);
  }
  return some;
}
