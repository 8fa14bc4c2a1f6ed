import { expect, it } from 'vitest';
import { together } from '../../shared/runtime/together.ts';

it('asks once for what is asked in one turn, and gives each its own answer', async () => {
  const asked: string[][] = [];
  const upper = together(async (questions: readonly string[]) => {
    asked.push([...questions]);
    return questions.map((question) => question.toUpperCase());
  });
  expect(await Promise.all(['a', 'b', 'a'].map(upper))).toEqual(['A', 'B', 'A']);
  expect(await upper('c')).toBe('C');
  expect(asked).toEqual([['a', 'b', 'a'], ['c']]);
});

it('misses nobody who asks while it is asking', async () => {
  const late: Promise<number>[] = [];
  const double = together(async (questions: readonly number[]) => {
    if (late.length === 0) late.push(double(21));
    return questions.map((question) => question * 2);
  });
  expect(await double(1)).toBe(2);
  expect(await late[0]).toBe(42);
});

it('fails for all who asked together, and for nobody after them', async () => {
  let fails = true;
  const same = together(async (questions: readonly number[]) => {
    if (fails) throw new Error('not now');
    return questions;
  });
  const both = await Promise.allSettled([same(1), same(2)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  expect(await same(3)).toBe(3);
});
