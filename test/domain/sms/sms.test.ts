import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsm7, noticeText, pageText } from '../../../shared/domain/escalation/text.ts';
import type { ShownNow } from '../../../shared/domain/phone/phone.ts';
import { choose, targetOf } from '../../../shared/domain/sms/choose.ts';
import { parseReply } from '../../../shared/domain/sms/parse.ts';
import { decideReply } from '../../../shared/domain/sms/reply.ts';
import { ticketNumber } from '../../../shared/domain/ticket/number.ts';
import { addSeconds } from '../../../shared/domain/time.ts';
import { mondayNight, World } from '../escalation/world.ts';
import { Many } from '../outage/many.ts';

const command = (verb: string, code: number | null = null, number: string | null = null, words = '') => ({
  kind: 'command',
  verb,
  code,
  number,
  words,
});

describe('reading a reply', () => {
  it.each([
    ['a', command('take')],
    ['A', command('take')],
    ['ack', command('take')],
    ['Ack.', command('take')],
    ['1a', command('take', 1)],
    ['"1a"', command('take', 1)],
    [' 1 A ', command('take', 1)],
    ['\u201c12 ack\u201d', command('take', 12)],
    ['ack 1', command('take', 1)],
    ['a1', command('take', 1)],
    ['c', command('resolve')],
    ['done', command('resolve')],
    ['3c', command('resolve', 3)],
    ['p', command('pass')],
    ['2 pass', command('pass', 2)],
    ['1n On it, back in 5', command('note', 1, null, 'On it, back in 5')],
    ['1 n On it', command('note', 1, null, 'On it')],
    ['n1 on it', command('note', 1, null, 'on it')],
    ['note12: on it', command('note', 12, null, 'on it')],
    ['n on it', command('note', null, null, 'on it')],
    ['n 2 servers are back', command('note', null, null, '2 servers are back')],
    ['n: 24/7 on it', command('note', null, null, '24/7 on it')],
    ['n1st server is back', command('note', null, null, '1st server is back')],
    ['1n 2 servers are back', command('note', 1, null, '2 servers are back')],
    ['n ND-6PC7-PS91 2 are back', command('note', null, 'ND-6PC7-PS91', '2 are back')],
    ['n 5', { kind: 'unknown' }],
    ['n ND-6PC7-PS92 2 are back', { kind: 'mistyped' }],
    ['1n ND-6PC7-PS92 is another', command('note', 1, null, 'ND-6PC7-PS92 is another')],
    ['all', { kind: 'take_all' }],
    ['ALL', { kind: 'take_all' }],
    ['?', { kind: 'list' }],
    ['STOP', { kind: 'carrier' }],
    ['help', { kind: 'carrier' }],
    ['Cancel', { kind: 'carrier' }],
    ['End', { kind: 'carrier' }],
    ['on my way', { kind: 'unknown' }],
    ['also', { kind: 'unknown' }],
    ['call me', { kind: 'unknown' }],
    ['100a', { kind: 'unknown' }],
    ['', { kind: 'unknown' }],
    ['1n', { kind: 'unknown' }],
  ])('%j', (text, reply) => {
    expect(parseReply(text)).toEqual(reply);
  });

  it('reads every example of the README as what it says there', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const rows = [...readme.matchAll(/^\| (`[^|]+) \| (take|end|pass|add|list)([^|]*) \|$/gm)];
    const kinds = { take: 'take', end: 'resolve', pass: 'pass', add: 'note', list: 'list' };
    const examples = rows.flatMap(([, sent = '', does = '', what = '']) =>
      [...sent.matchAll(/`([^`]+)`/g)].map(([, text = '']) => {
        const reply = parseReply(text);
        const read = reply.kind === 'command' ? reply.verb : reply.kind;
        const wanted = what.startsWith(' all') ? 'take_all' : kinds[does as keyof typeof kinds];
        return { text, read, wanted };
      }),
    );
    expect(examples.length).toBeGreaterThan(12);
    for (const { text, read, wanted } of examples) expect({ text, read }).toEqual({ text, read: wanted });
  });

  it('takes a ticket number as the name of the escalation, and not a mistyped one', () => {
    const number = ticketNumber(new Uint8Array([6, 22, 12, 7, 22, 25, 9]));
    expect(parseReply(`ack ${number.toLowerCase()}`)).toEqual(command('take', null, number));
    expect(parseReply(`ack ${number.slice(0, -1)}${number.endsWith('0') ? '1' : '0'}`)).toEqual({
      kind: 'mistyped',
    });
  });

  it('never throws, whatever bytes arrive', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        (text) => typeof parseReply(text).kind === 'string',
      ),
    );
  });
});

describe('the words of a page', () => {
  const words = {
    number: 'ND-6PC7-PS91',
    severity: 'outage' as const,
    reason: 'mail_not_delivered' as const,
    partnerName: 'Acme MSP',
    callback: '+12025550147',
    takeBy: '2026-11-24T03:40:00.000Z',
    timezone: 'America/New_York',
  };

  it('reads as the design says', () => {
    expect(pageText(words, 1)).toBe(
      'ND-6PC7-PS91 OUTAGE mail not delivered. Acme MSP, call +12025550147. Reply 1a to take by 22:40 ET.',
    );
  });

  const link = 'https://desk.example/p/x7KdQm29fTzL';

  it('ends with the link, if there is one', () => {
    expect(pageText(words, 1, link)).toBe(
      `ND-6PC7-PS91 OUTAGE mail not delivered. Acme MSP, call +12025550147. Reply 1a to take by 22:40 ET. ${link}`,
    );
  });

  it('cuts the partner’s name before the callback as written, and keeps the link where a number has room', () => {
    const text = pageText(
      { ...words, partnerName: 'A'.repeat(90), callback: '020 ask for Pat '.repeat(9) },
      99,
      link,
    );
    expect(text).toHaveLength(160);
    expect(text).toMatch(/delivered\. call 020 ask for Pat .*\. Reply 99a to take by 22:40 ET\. https:/);
    const crowded = `https://${'d'.repeat(60)}.example/p/x7KdQm29fTzL`;
    expect(pageText(words, 1, crowded)).toBe(pageText(words, 1));
  });

  it('always fits one GSM-7 segment with the number and the reply, whatever names and numbers people have', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 300 });
    const links = fc.constantFrom(null, link, 'http://localhost:40000/p/x7KdQm29fTzL');
    const code = fc.integer({ min: 1, max: 99 });
    fc.assert(
      fc.property(anything, anything, code, links, (partnerName, callback, code, link) => {
        const text = pageText({ ...words, partnerName, callback }, code, link);
        expect(text.endsWith(link ?? '.')).toBe(true);
        expect(text.length).toBeLessThanOrEqual(160);
        expect(text).toContain(words.number);
        expect(text).toContain(`Reply ${code}a`);
        expect(gsm7(text)).toBe(text);
      }),
    );
  });

  it('cuts a notice to one segment', () => {
    expect(noticeText('x'.repeat(400))).toHaveLength(160);
  });
});

describe('which escalation a reply means', () => {
  const shown = (code: number | null, world: World): ShownNow => {
    const { id, ticket, partner, state, acknowledgedBy, endedAt } = world.state.escalation!;
    return {
      escalation: id,
      ticket,
      partner,
      code,
      givenAt: mondayNight,
      state,
      endedAt,
      holder: acknowledgedBy,
      follows: null,
    };
  };
  const paging = () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    return world;
  };

  it('takes the only open one without a code', () => {
    const world = paging();
    expect(choose(parseReply('a'), [shown(1, world)], mondayNight, 'dana')).toMatchObject({
      kind: 'these',
      shown: [{ code: 1 }],
    });
  });

  it('lists when several are open, and does nothing', () => {
    const choice = choose(parseReply('a'), [shown(1, paging()), shown(2, paging())], mondayNight, 'dana');
    expect(choice).toMatchObject({ kind: 'say', text: expect.stringMatching(/1: ND-.*2: ND-/) });
  });

  it('counts what somebody has taken as open for a pass, not for a take', () => {
    const world = paging();
    world.acknowledge('dana');
    expect(choose(parseReply('a'), [shown(1, world)], mondayNight, 'eli')).toMatchObject({ kind: 'say' });
    expect(choose(parseReply('p'), [shown(1, world)], mondayNight, 'dana')).toMatchObject({
      kind: 'these',
    });
  });

  it('a, with nothing left to take, is a word from the holder about what they hold', () => {
    const world = paging();
    world.acknowledge('dana');
    const held = shown(1, world);
    expect(choose(parseReply('a'), [held], mondayNight, 'dana')).toEqual({ kind: 'these', shown: [held] });
    const other = { ...shown(2, paging()), escalation: 'esc_OTHER_1' };
    expect(choose(parseReply('a'), [held, other], mondayNight, 'dana')).toMatchObject({ shown: [other] });
  });

  it('that is older than a page does not mean that page', () => {
    const late = { ...shown(1, paging()), givenAt: addSeconds(mondayNight, 60) };
    expect(choose(parseReply('a'), [late], mondayNight, 'dana')).toMatchObject({ kind: 'say', error: true });
  });

  it('means the latest of two that had the same code', () => {
    const [newer, older] = [shown(7, paging()), { ...shown(7, paging()), escalation: 'esc_OLD_1' }];
    expect(choose(parseReply('7a'), [newer, older], mondayNight, 'dana')).toEqual({
      kind: 'these',
      shown: [newer],
    });
  });

  it('names those without a code, which a bundle showed, by their number', () => {
    const [bundled, alone] = [{ ...shown(null, paging()), ticket: 'ND-AAAA-AAA0' }, shown(2, paging())];
    const choice = choose(parseReply('?'), [bundled, alone], mondayNight, 'dana');
    expect(choice).toMatchObject({ text: 'Open: ND-AAAA-AAA0, 2: ND-6PC7-PS91. Reply e.g. a ND-AAAA-AAA0.' });
  });

  it('lists as many as fit one SMS, and says how many more there are', () => {
    const many = Array.from({ length: 40 }, (_, n) => shown(n + 1, paging()));
    const choice = choose(parseReply('?'), many, mondayNight, 'dana');
    const text = choice.kind === 'say' ? choice.text : '';
    expect(text.length).toBeLessThanOrEqual(160);
    expect(text).toMatch(/, 3\d more\. Reply e\.g\. 1a\.$/);
  });

  it('stays silent on carrier words', () => {
    expect(choose(parseReply('STOP'), [], mondayNight, 'dana')).toEqual({ kind: 'silence' });
  });

  describe('in an outage', () => {
    const lead = { partner: 'other', number: 'ND-AAAA-AAA0', escalation: 'esc_AAAAAAA0_1' };
    const held = { id: 'dana', name: 'Dana Fox' };
    const follower = { ...shown(2, paging()), follows: 'out_1', lead };
    const own = { number: follower.ticket };
    const cases: [string, string, ShownNow, string[], object][] = [
      ['taking acts on the lead', '2a', follower, [], lead],
      ['passing acts on the lead', '2p', { ...follower, state: 'acknowledged', holder: held }, [], lead],
      ['a note is the partner’s own', '2n we look', follower, [], own],
      ['done is that one alone while nobody holds the outage', '2c', follower, [], own],
      [
        'done is that one alone from who does not hold it',
        '2c',
        { ...follower, holder: { id: 'eli', name: 'Eli' } },
        [],
        own,
      ],
      [
        'done is that one alone from its holder who has the lead’s own code',
        '2c',
        { ...follower, holder: held },
        [lead.escalation],
        own,
      ],
      [
        'done is the outage from its holder who was shown no other code of it',
        '2c',
        { ...follower, holder: held },
        [],
        lead,
      ],
    ];
    describe('whose own emergency is over, and whose code stands for the heir', () => {
      const heir = { ...lead, number: 'ND-1077-777Z' };
      const over = { ...follower, state: 'acknowledged' as const, holder: held, lead: heir, isOver: true };

      it('is listed by the number that goes on, with who holds that', () => {
        expect(choose(parseReply('?'), [over], mondayNight, 'dana')).toMatchObject({
          text: `Open: 2: ${heir.number} (Dana Fox). Reply e.g. 2a.`,
        });
        const one = { ...over, code: null, holder: null, state: 'paging' as const };
        expect(choose(parseReply('?'), [one], mondayNight, 'dana')).toMatchObject({
          text: `Open: ${heir.number}. Reply e.g. a ${heir.number}.`,
        });
      });

      it.each(['a ND-1077-777Z', 'c ND-1077-777Z', 'p ND-1077-777Z'])(
        'answers to that number, and then means that one: %s',
        (text) => {
          const elsewhere = { ...over, holder: { id: 'eli', name: 'Eli' } };
          const choice = choose(parseReply(text), [elsewhere], mondayNight, 'dana');
          expect(choice).toEqual({ kind: 'these', shown: [elsewhere] });
          const { address } = targetOf(elsewhere, parseReply(text), { all: [elsewhere], who: 'dana' });
          expect(address.number).toBe(heir.number);
        },
      );

      it('answers to its own number as well', () => {
        const choice = choose(parseReply(`a ${over.ticket}`), [over], mondayNight, 'dana');
        expect(choice).toEqual({ kind: 'these', shown: [over] });
      });

      it('says by its code alone that it is over, and what goes on', () => {
        const world = new Many(mondayNight);
        for (let n = 0; n < 3; n++) world.escalate();
        world.after(60);
        world.cancel(0);
        world.deliver();
        const own = world.state(0);
        const dana = world.roster.staff.find(({ id }) => id === 'dana');
        if (!dana?.phone || !own.escalation) throw new Error('nobody');
        const replied = decideReply(own, {
          reply: parseReply('2c'),
          held: { code: 2, escalation: own.escalation.id },
          staff: dana,
          phone: dana.phone,
          messageId: 'm1',
          roster: world.roster,
          now: world.now,
        });
        const answer = replied.pages.map((change) => ('add' in change ? change.add.text : ''));
        expect(answer).toEqual([
          expect.stringMatching(
            `^${own.ticket.number}: This escalation was cancelled.* ${world.state(1).ticket.number} goes on\\.$`,
          ),
        ]);
      });
    });

    it('done is the outage from its holder whose page of the lead is still held back', () => {
      const one = { ...follower, holder: held };
      const waiting = { ...shown(null, paging()), escalation: lead.escalation, waits: true as const };
      const { address } = targetOf(one, parseReply('2c'), { all: [one, waiting], who: 'dana' });
      expect(address.number).toBe(lead.number);
    });

    it.each(cases)('%s', (_what, text, one, others, target) => {
      const all = [one, ...others.map((escalation) => ({ ...shown(1, paging()), escalation }))];
      const { address } = targetOf(one, parseReply(text), { all, who: 'dana' });
      expect(address.number).toBe(Reflect.get(target, 'number'));
    });
  });
});

describe('answering a reply', () => {
  const reply = (world: World, text: string, messageId = 'm1') =>
    world.do((state) =>
      decideReply(state, {
        reply: parseReply(text),
        held: { code: 1, escalation: state.escalation!.id },
        staff: world.roster.staff[0]!,
        phone: '+12025550111',
        messageId,
        roster: world.roster,
        now: world.now,
      }),
    );
  const paging = () => {
    const world = new World(mondayNight);
    world.press();
    world.send();
    return world;
  };

  it('repeats number, partner, callback and how to pass to who takes it', () => {
    const world = paging();
    reply(world, '1a');
    expect(world.state.escalation?.state).toBe('acknowledged');
    expect(world.state.pages.at(-1)?.text).toBe(
      'ND-6PC7-PS91 is yours. Acme MSP, call +12025550147. Reply 1p to pass, 1c when done.',
    );
  });

  it('does nothing when the same message comes again', () => {
    const world = paging();
    reply(world, '1a');
    const before = world.state;
    expect(reply(world, '1a')).toMatchObject({ unchanged: true });
    expect(world.state).toEqual(before);
  });

  it('says who holds it to a late one, and changes nothing else', () => {
    const world = paging();
    world.after(11);
    world.acknowledge('eli');
    reply(world, '1a');
    expect(world.state.escalation?.acknowledgedBy?.id).toBe('eli');
    expect(world.state.pages.at(-1)?.text).toContain('Eli holds it since');
  });

  it('puts a note on the ticket for the partner to read', () => {
    const world = paging();
    reply(world, '1n looking at the MX now');
    expect(world.events.at(-1)).toMatchObject({
      type: 'ticket.commented',
      internal: false,
      data: { comment: { body: 'looking at the MX now' } },
    });
  });

  it('ends the emergency on done', () => {
    const world = paging();
    reply(world, '1a', 'm1');
    reply(world, 'done', 'm2');
    expect(world.state.escalation?.state).toBe('resolved');
  });
});
