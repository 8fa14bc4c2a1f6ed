import { describe, expect, it, test } from 'vitest';
import { preview } from '../../../shared/domain/escalation/preview.ts';
import type { Instant } from '../../../shared/domain/time.ts';
import { minutesSince, mondayMorning, mondayNight, partnerActor, roster, World } from './world.ts';

const seen = (world: World, nightCount = 0) =>
  preview(
    world.state,
    { reason: 'mail_not_delivered', by: partnerActor },
    { roster: world.roster, nightCount, now: world.now },
  );

/** Monday, 19:55 and 19:35 in New York: the desk closes at 20:00. */
const beforeClosing: Instant = '2026-11-24T00:55:00.000Z';
const longBeforeClosing: Instant = '2026-11-24T00:35:00.000Z';
/** Monday, 19:41: on-call staff have one page before it closes. */
const nearClosing: Instant = '2026-11-24T00:41:00.000Z';

const nobodyPrimary = () => roster({ schedules: roster().schedules.filter(({ id }) => id !== 'primary') });
function exhausted(): World {
  const world = new World(mondayNight);
  world.press();
  world.after(241);
  return world;
}

describe('the preview of a press', () => {
  test.each<[string, () => World, string[]]>([
    ['at night', () => new World(mondayNight), ['dana@0', 'dana@5', 'eli@10', 'dana@20', 'eli@20', 'mo@20']],
    ['by day', () => new World(mondayMorning), ['dana@10', 'dana@20', 'eli@20', 'mo@20']],
    [
      'shortly before the desk closes',
      () => new World(beforeClosing),
      ['dana@5', 'dana@10', 'eli@15', 'dana@25', 'eli@25', 'mo@25'],
    ],
    [
      'with one level before the desk closes',
      () => new World(nearClosing),
      ['dana@10', 'dana@19', 'dana@24', 'eli@29', 'dana@30', 'eli@30', 'mo@30'],
    ],
    [
      'with the whole ladder of the day before the desk closes',
      () => new World(longBeforeClosing),
      ['dana@10', 'dana@20', 'eli@20', 'mo@20', 'dana@25', 'dana@30', 'eli@30', 'mo@30'],
    ],
    [
      'with nobody at the first levels',
      () => new World(mondayNight, nobodyPrimary()),
      ['eli@0', 'eli@20', 'mo@20'],
    ],
    ['of what nobody took', exhausted, ['dana@0', 'dana@5', 'eli@10', 'dana@20', 'eli@20', 'mo@20']],
  ])('%s says whom the press pages, and when, as it comes', (_name, made, expected) => {
    const world = made();
    const at = world.now;
    const { wouldPage, promiseDueAt, route } = seen(world);
    const said = wouldPage.flatMap(({ to, afterSeconds }) =>
      to.map(({ id }) => `${id}@${afterSeconds / 60}`),
    );
    expect(said).toEqual(expected);
    world.press();
    expect(world.state.escalation).toMatchObject({ route, promise: { dueAt: promiseDueAt } });
    world.after(120);
    const came = world.state.pages
      .filter((page) => page.notice === null && page.queuedAt >= at)
      .map((page) => `${page.to.id}@${minutesSince(at, page.queuedAt)}`);
    expect(came.slice(0, said.length)).toEqual(said);
  });

  it('names a level that has nobody, and brings the next one at once', () => {
    const { wouldPage } = seen(new World(mondayNight, nobodyPrimary()));
    expect(
      wouldPage.slice(0, 3).map(({ level, afterSeconds, to }) => [level, afterSeconds, to.length]),
    ).toEqual([
      [1, 0, 0],
      [2, 0, 0],
      [3, 0, 1],
    ]);
  });

  test.each([
    ['by day', mondayMorning, /alerted first, on-call staff after 10 minutes without an answer\.$/],
    [
      'just before closing',
      beforeClosing,
      /alerted first, on-call staff at once when it closes at 20:00 ET\.$/,
    ],
    [
      'before closing',
      nearClosing,
      /after 10 minutes without an answer, and again at once when it closes at 20:00 ET\.$/,
    ],
    ['at night', mondayNight, /after hours: on-call staff are paged at once\.$/],
  ])('says in words what comes %s', (_name, at, words) => {
    expect(seen(new World(at)).reason).toMatch(words);
  });

  it('says that it would be refused at the cap of the night, and the number to call', () => {
    const world = new World(mondayNight);
    expect(seen(world, 9)).toMatchObject({ wouldBeRefused: false });
    expect(seen(world, 10)).toMatchObject({
      wouldBeRefused: true,
      phone: '+12025550100',
      reason: expect.stringContaining('Please call +12025550100'),
      wouldPage: [],
    });
    world.press();
    expect(seen(world, 10)).toMatchObject({ wouldBeRefused: false });
  });

  it('promises no new time for what nobody took', () => {
    const { promiseDueAt, reason } = seen(exhausted());
    expect(promiseDueAt).toBe('2026-11-24T03:40:00.000Z');
    expect(reason).toContain('no new time is promised: you can also call +12025550100.');
  });

  it('says so when nobody can be paged', () => {
    const { reason, wouldPage } = seen(new World(mondayNight, roster({ staff: [] })));
    expect(reason).toContain('nobody can be paged just now');
    expect(wouldPage.flatMap(({ to }) => to)).toEqual([]);
  });
});
