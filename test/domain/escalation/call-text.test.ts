import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Callback, Page } from '../../../shared/domain/escalation/escalation.ts';
import { gsm7 } from '../../../shared/domain/escalation/text.ts';
import { parseReply } from '../../../shared/domain/sms/parse.ts';
import { decideReply } from '../../../shared/domain/sms/reply.ts';
import { Many } from '../outage/many.ts';
import { mondayNight, press1, World } from './world.ts';

const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.constant('Ümläut & Partners IT-Dienstleistungen GmbH '.repeat(3).slice(0, 120)),
);
const callbacks: fc.Arbitrary<Callback> = fc
  .oneof(
    fc.record({ phone: words, dialable: fc.constantFrom('+12025550147', '+123456789012345') }),
    fc.record({
      phone: fc.oneof(
        words,
        fc.constant('+44 20 7946 0018 or 0019 '.repeat(20)),
        fc.constant('020 '.repeat(9)),
      ),
      dialable: fc.constant(null),
    }),
  )
  .map((each) => ({ name: 'Pat', textUpdates: false, ...each }));

/** One segment that begins with the ticket's number, ends as it must, and shows the number to call whole or as cut. */
function tellsWhomToCall(
  text: string | null | undefined,
  { phone, dialable }: Callback,
  { ticket, ends }: { ticket: string; ends: string },
): void {
  expect(text).toMatch(/^[ !"#$%&'()*+,\-./0-9:;<=>?@A-Z_a-z]{1,160}$/);
  expect(text?.startsWith(ticket)).toBe(true);
  expect(text?.endsWith(ends)).toBe(true);
  const body = text?.slice(0, -ends.length) ?? '';
  const whole =
    /(, |[.!?)] )$/.test(body.slice(0, body.lastIndexOf('call '))) &&
    body.endsWith(`call ${gsm7(dialable ?? phone)}`);
  expect(whole || (dialable === null && body.endsWith('...'))).toBe(true);
}

const noticed = (pages: readonly Page[] | undefined, kind: Page['notice']) =>
  pages?.findLast(({ notice }) => notice === kind)?.text;

describe('whatever partners and callbacks are called, the number of the ticket and what to do stay whole', () => {
  it('in the answer to a take, in news and where the promise is broken', () => {
    const desks = fc.constantFrom('+12025550100', '+44 (0) 20 7946 0000, then press 2');
    const codes = fc.constantFrom(1, 99, null);
    fc.assert(
      fc.property(words, callbacks, desks, codes, (partnerName, callback, phone, code) => {
        const world = new World(mondayNight);
        const ticket = world.state.ticket.number;
        world.roster = { ...world.roster, provider: { ...world.roster.provider, phone } };
        world.state = { ...world.state, ticket: { ...world.state.ticket, partnerName } };
        world.press();
        world.send();
        world.press({ callback });
        if ((callback.dialable ?? callback.phone) !== press1.callback.phone)
          tellsWhomToCall(noticed(world.state.pages, 'news'), callback, { ticket, ends: '.' });
        world.after(31);
        const broken = noticed(world.state.pages, 'promise_broken');
        tellsWhomToCall(broken, callback, { ticket, ends: `. Desk: ${phone}` });
        world.do((state) =>
          decideReply(state, {
            reply: parseReply('a'),
            held: { code, escalation: state.escalation?.id ?? '' },
            paged: true,
            staff: world.roster.staff.find(({ id }) => id === 'dana') ?? expect.unreachable('dana is there'),
            phone: '+12025550111',
            messageId: 'm1',
            roster: world.roster,
            now: world.now,
          }),
        );
        const [p, c] = code === null ? [`p ${ticket}`, `c ${ticket}`] : [`${code}p`, `${code}c`];
        const ends = `. Reply ${p} to pass, ${c} when done.`;
        tellsWhomToCall(noticed(world.state.pages, 'answer'), callback, { ticket, ends });
      }),
    );
  });

  it('in what the holder of an outage is told of those who follow', () => {
    fc.assert(
      fc.property(words, callbacks, (partnerName, callback) => {
        const world = new Many(mondayNight);
        for (let n = 0; n < 3; n++) world.escalate();
        world.after(2);
        for (const each of world.cases) each.ticket = { ...each.ticket, partnerName };
        world.take(0, 'dana');
        for (const n of [1, 2]) world.press(n, { callback });
        world.notContacted(2);
        const ticketOf = (n: number) => world.cases[n]?.ticket.number ?? '';
        const uncalled = noticed(world.cases[2]?.pages, 'news');
        expect(uncalled).toContain('nobody has called them');
        tellsWhomToCall(uncalled, callback, { ticket: ticketOf(2), ends: '.' });
        world.cancel(0);
        world.deliver();
        const leads = noticed(world.cases[1]?.pages, 'news');
        tellsWhomToCall(leads, callback, { ticket: `${ticketOf(0)} no longer leads its outage`, ends: '.' });
        expect(leads).toContain(ticketOf(1));
      }),
      { numRuns: 50 },
    );
  });
});
