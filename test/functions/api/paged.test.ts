import { expect, test } from 'vitest';
import { byId, paged } from '../../../functions/api/paged.ts';

test('a list that was read whole has pages short enough to be answered, and all of it comes', () => {
  const all = Array.from({ length: 9 }, (_, n) => ({ id: `sch_${n}`, rotations: 'x'.repeat(390_000) }));
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { data, nextCursor } = paged(all, { limit: 100, ...(cursor && { cursor }) }, ['schedules'], byId);
    expect(JSON.stringify(data).length).toBeLessThan(2_500_000);
    found.push(...data.map(byId));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(found).toEqual(all.map(byId));
});
