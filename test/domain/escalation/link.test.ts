import { describe, expect, it } from 'vitest';
import { linkFor, seeLink, takeByLink } from '../../../shared/domain/escalation/index.ts';
import { isPage } from '../../../shared/domain/escalation/notices.ts';
import { Many } from '../outage/many.ts';
import { mondayNight } from './world.ts';

const dana = (world: Many) => world.roster.staff.find(({ id }) => id === 'dana') ?? null;

/** Three partners on one service: an outage led by the first; dana was paged for the second as well. */
function outage() {
  const world = new Many(mondayNight);
  for (let n = 0; n < 3; n++) {
    world.escalate();
    world.after(60);
  }
  const page = world.cases[1]?.pages.find(isPage);
  const link = page && linkFor({ ...page, code: 2 }, world.now);
  if (!link) throw new Error('nobody was paged for the second');
  const see = () => seeLink(world.state(1), { link, staff: dana(world), now: world.now });
  const take = () =>
    world.do(0, (acting) =>
      takeByLink({ own: world.state(1), acting }, { link, roster: world.roster, now: world.now }),
    );
  return { world, see, take };
}

describe('the link in a page for what has become part of an outage', () => {
  it('takes the lead, and so is theirs', () => {
    const { world, see, take } = outage();
    expect(see()).toEqual({ kind: 'open' });
    take();
    expect(world.escalation(world.cases[0]?.escalation?.id ?? '')).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: 'dana' },
    });
    expect(see()).toEqual({ kind: 'yours' });
    expect(world.shown(2).acknowledgedBy?.id).toBe('dana');
    expect(take()).toMatchObject({ unchanged: true });
  });

  it('says who has taken the lead, and takes nothing from them', () => {
    const { world, see, take } = outage();
    world.after(600);
    world.take(0, 'eli');
    expect(see()).toMatchObject({ kind: 'held', by: { id: 'eli' } });
    expect(take()).toMatchObject({ unchanged: true });
  });
});

it('a page that goes out for several, and a notice, have no link', () => {
  const world = new Many(mondayNight);
  world.escalate();
  const page = world.cases[0]?.pages.find(isPage);
  if (!page) throw new Error('nobody was paged');
  expect(linkFor({ ...page, code: 1 }, world.now)).not.toBeNull();
  expect(linkFor({ ...page, code: null, text: '5 emergencies open.' }, world.now)).toBeNull();
  expect(linkFor({ ...page, code: 1, notice: 'taken' }, world.now)).toBeNull();
});
