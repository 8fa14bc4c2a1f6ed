import { DateTime } from 'luxon';
import { expect, it } from 'vitest';
import { acknowledge } from '../../shared/domain/escalation/index.ts';
import { secondsBetween } from '../../shared/domain/time.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import { nightDesk, random } from '../fakes/carrier-desk.ts';

const later = (at: string) => DateTime.fromISO(at, { zone: 'utc' }).plus({ months: 25 }).toSeconds();

it.each(['2026-11-24T03:10:00.000Z', '2027-01-31T04:00:00.000Z', '2028-02-29T04:59:59.999Z'])(
  'what was written at %s of a ticket and its emergency stays 25 months, its head as long as its latest event',
  async (start) => {
    const desk = await nightDesk();
    const { store, clock } = desk;
    clock.advance(secondsBetween(clock.now(), start));
    const ticket = await desk.escalated();
    clock.advance(3 * 86_400);
    const dana = { person: { id: 'dana', name: 'Dana' }, role: 'engineer' as const, via: 'sms' as const };
    await commandCase({ store, clock, random }, ticket, ({ state, roster }, now) =>
      acknowledge(state, dana, { roster, now }),
    );
    const rows = (await desk.rows()).filter(({ pk }) => String(pk).endsWith(`#T#${ticket.number}`));
    const of = (prefix: string) => rows.filter(({ sk }) => String(sk).startsWith(prefix));
    const written = [
      ...of('CHAIN#').map((row) => [row, row.at] as const),
      ...of('ESC#').map((row) => [row, row.queuedAt ?? row.startedAt] as const),
      ...of('TICKET').map((row) => [row, clock.now()] as const),
    ];
    expect(of('CHAIN#').length).toBeGreaterThanOrEqual(4);
    expect(written).toHaveLength(rows.length - of('TIMER#').length);
    for (const [{ sk, expiresAt }, at] of written) {
      expect(expiresAt, String(sk)).toSatisfy(Number.isInteger);
      expect(expiresAt, String(sk)).toBeGreaterThanOrEqual(later(String(at)));
    }
  },
);
