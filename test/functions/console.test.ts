import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Console, makeConsole } from '../../functions/console/console.ts';
import { pagerCard } from '../../functions/console/pager-card.ts';
import { makeHandler as makePager } from '../../functions/page-on-call/page-on-call.ts';
import { cancel, pass } from '../../shared/domain/escalation/index.ts';
import type { Carrier } from '../../shared/effects/carrier.ts';
import { commandCase } from '../../shared/effects/command-case.ts';
import { html } from '../../shared/runtime/html.ts';
import { isLinkToken, makeLinkToken } from '../../shared/runtime/link-token.ts';
import type { TicketAddress } from '../../shared/store/types/cases.ts';
import { partnerActor } from '../domain/escalation/world.ts';
import { type Desk, deliver, nightDesk, pageMessageOf, random } from '../fakes/carrier-desk.ts';

interface Reply {
  status: number;
  headers: Record<string, string>;
  text: string;
}

let desk: Desk;
let ticket: TicketAddress;
let open: Console;
let originationNumber: string | null;
let pager: ReturnType<typeof makePager>;
let sent: string[];
let logged: object[];

beforeEach(async () => {
  desk = await nightDesk();
  const { store, clock } = desk;
  sent = [];
  logged = [];
  const carrier: Carrier = {
    text: async (_to, body) => {
      sent.push(body);
      return { sent: true, messageId: `msg-${sent.length}` };
    },
    alertDesk: async () => ({ sent: true, messageId: 'alert' }),
    optedOut: async () => false,
  };
  const note = (message: string, fields?: object) => void logged.push({ message, ...fields });
  originationNumber = '+12025550100';
  open = (event) => {
    const log = { info: note, warn: note, error: note };
    return makeConsole({ store, clock, random, originationNumber, log, publicUrl: 'https://desk.example' })(
      event,
    );
  };
  pager = makePager({ store, carrier, clock, random, linkUrl: 'https://nd.example' });
  ticket = await desk.escalated();
});

async function request(method: string, path: string): Promise<Reply> {
  const event = {
    version: '2.0',
    routeKey: 'ANY /p/{token}',
    rawPath: path,
    headers: {},
    isBase64Encoded: false,
    requestContext: { requestId: 'req-1', http: { method, path } },
  } as unknown as APIGatewayProxyEventV2;
  const { statusCode, headers, body } = await open(event);
  return { status: statusCode ?? 0, headers: headers as Record<string, string>, text: body ?? '' };
}

/** Sends all that is queued; the paths of the links in what was sent, in its order. */
async function links(): Promise<string[]> {
  const { pages } = await desk.read(ticket);
  await deliver(pager, ...pages.filter(({ state }) => state === 'queued').map(pageMessageOf));
  return sent.map((body) => /https:\/\/nd\.example(\/p\/\w+)$/.exec(body)?.[1] ?? '').filter(Boolean);
}
const link = async (): Promise<string> => (await links())[0] ?? '';

/** The next level is paged: eli has a link as well. */
async function passOn(): Promise<void> {
  const by = { person: { id: 'dana', name: 'Dana' }, role: 'engineer' as const, via: 'sms' as const };
  await commandCase({ ...desk, random }, ticket, ({ state, roster }, now) =>
    pass(state, by, { roster, now }),
  );
}
const escalation = async () => (await desk.read(ticket)).escalation;

describe('opening the link in a page', () => {
  it('shows what it is about and one button, with nothing to load, to run or to keep', async () => {
    const reply = await request('GET', await link());
    expect(reply.status).toBe(200);
    for (const words of [
      ticket.number,
      'Acme MSP',
      'mail not delivered',
      'tel:+12025550147',
      '22:40 ET',
      'nobody yet',
    ]) {
      expect(reply.text).toContain(words);
    }
    expect(reply.text).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(reply.text).toMatch(/<title>ND-.*<\/title>/);
    expect(
      reply.text.match(/<form method="post"><button type="submit">Take it<\/button><\/form>/g),
    ).toHaveLength(1);
    expect(reply.text).not.toMatch(/<script|<img|<link|src=|url\(/);
    expect(reply.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
      'x-request-id': 'req-1',
    });
    expect(reply.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
  });

  it('a hundred times, and asking for its head, changes nothing', async () => {
    const path = await link();
    const before = await desk.rows();
    for (let n = 0; n < 100; n++) expect((await request('GET', path)).status).toBe(200);
    expect(await request('HEAD', path)).toMatchObject({ status: 200, text: '' });
    expect(await desk.rows()).toEqual(before);
  });

  it('logs what it is about, and never the secret of its path', async () => {
    const path = await link();
    await request('GET', path);
    expect(logged.at(-1)).toMatchObject({
      message: 'answered',
      screen: 'link',
      ticket: ticket.number,
      status: 200,
    });
    expect(JSON.stringify(logged)).not.toContain(path.slice(3));
  });
});

describe('pressing the button', () => {
  it('takes it for the one to whom the page was sent, who reads the callback and how to go on', async () => {
    const reply = await request('POST', await link());
    expect(reply.status).toBe(200);
    expect(reply.text).toContain(`It is yours: ${ticket.number}`);
    expect(reply.text).toContain('tel:+12025550147');
    expect(reply.text).toContain('Reply 1p to the SMS to pass it on, 1c when the emergency is over.');
    expect(await escalation()).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: 'dana' } });
    const { data } = await desk.store.cases.events(ticket, { limit: 100 });
    expect(data.find(({ type }) => type === 'escalation.acknowledged')?.data).toMatchObject({ via: 'link' });
  });

  it('twice, or twice at once, says again that it is theirs and does nothing more', async () => {
    const path = await link();
    const both = await Promise.all([request('POST', path), request('POST', path)]);
    const before = await desk.rows();
    for (const reply of [...both, await request('POST', path), await request('GET', path)]) {
      expect(reply).toMatchObject({ status: 200, text: expect.stringContaining('It is yours') });
    }
    expect(await desk.rows()).toEqual(before);
  });

  it('after somebody else did is answered with who holds it, and changes nothing', async () => {
    await links();
    await passOn();
    const [danas = '', elis = ''] = await links();
    await request('POST', elis);
    expect(await request('GET', danas)).toMatchObject({
      status: 200,
      text: expect.stringContaining(`Eli has taken ${ticket.number}`),
    });
    expect(await request('POST', danas)).toMatchObject({
      status: 409,
      text: expect.stringContaining(`Eli has taken ${ticket.number}`),
    });
    expect(await escalation()).toMatchObject({ acknowledgedBy: { id: 'eli' } });
  });

  it('takes what was passed on and is being paged again', async () => {
    const path = await link();
    await request('POST', path);
    await passOn();
    expect((await request('GET', path)).text).toContain('Take it');
    expect((await request('POST', path)).text).toContain('It is yours');
  });

  it('is done in spite of conflicts with other transactions', async () => {
    const path = await link();
    desk.faults.nextConflicts = 3;
    expect((await request('POST', path)).text).toContain('It is yours');
  });
});

describe('a link that leads nowhere any more', () => {
  const both = async (path: string) => [await request('GET', path), await request('POST', path)];

  it('of a cancelled emergency says so, and no longer what it was about', async () => {
    const path = await link();
    await commandCase({ ...desk, random }, ticket, ({ state, roster }, now) =>
      cancel(state, partnerActor, { roster, now }),
    );
    for (const reply of await both(path)) {
      expect(reply.status).toBe(410);
      expect(reply.text).toContain('The emergency was cancelled.');
      expect(reply.text).not.toContain('+12025550147');
    }
  });

  it('expires after a day', async () => {
    const path = await link();
    desk.clock.advance(86_399);
    expect((await request('GET', path)).status).toBe(200);
    desk.clock.advance(1);
    for (const reply of await both(path)) {
      expect(reply).toMatchObject({ status: 410, text: expect.stringContaining('This link has expired') });
    }
    expect((await escalation())?.acknowledgedBy).toBeNull();
  });

  it('of somebody who is no longer paged takes nothing', async () => {
    const path = await link();
    const dana = await desk.store.directory.staffMember('dana');
    await desk.store.directory.putStaff({ ...dana!, suspended: true });
    for (const reply of await both(path)) expect(reply.status).toBe(403);
    expect((await escalation())?.state).toBe('paging');
  });

  it('with any letter changed, or anything else instead of a token, is not known', async () => {
    const path = await link();
    const other = path.endsWith('a') ? 'b' : 'a';
    const wrong = [
      path.slice(0, -1) + other,
      path.slice(0, -1),
      `${path}a`,
      '/p/%00',
      '/p/../../x',
      `/p/${'a'.repeat(5000)}`,
    ];
    for (const reply of (await Promise.all(wrong.map(both))).flat()) {
      expect(reply.status).toBe(404);
      expect(reply.text).not.toContain(ticket.number);
    }
  });

  it('refuses other methods by name', async () => {
    expect(await request('DELETE', await link())).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, POST' },
    });
  });
});

it('answers with a screen and the request id when something breaks', async () => {
  const path = await link();
  desk.faults.nextConflicts = 99;
  expect(await request('POST', path)).toMatchObject({ status: 500, text: expect.stringContaining('req-1') });
});

describe('the number of pages as a contact', () => {
  it('is a vCard with that number, for a phone to let through do-not-disturb', async () => {
    const { status, headers, text } = await request('GET', '/v1/pager.vcf');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/vcard; charset=utf-8',
      'content-disposition': 'inline; filename="nightdesk.vcf"',
    });
    expect(text).toBe(
      [
        'BEGIN:VCARD',
        'VERSION:3.0',
        'PRODID:-//Nightdesk//Pager//EN',
        'UID:nightdesk-pager-12025550100',
        'N:Nightdesk (Mailguard);;;;',
        'FN:Nightdesk (Mailguard)',
        'ORG:Mailguard',
        'TEL;TYPE=CELL:+12025550100',
        'NOTE:Emergencies are paged from this number. Let it through do-not-disturb.',
        'END:VCARD',
        '',
      ].join('\r\n'),
    );
    expect((await request('HEAD', '/v1/pager.vcf')).text).toBe('');
  });

  it('is nowhere in a stage that has no such number', async () => {
    originationNumber = null;
    expect((await request('GET', '/v1/pager.vcf')).status).toBe(404);
  });

  it('is well-formed whatever the provider is called: lines of at most 75 octets, nothing but its own properties', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const lines = pagerCard({ provider: name, number: '+12025550100' }).split('\r\n');
        expect(lines.every((line) => Buffer.byteLength(line) <= 75 && line.isWellFormed())).toBe(true);
        const whole = lines.join('\n').replaceAll('\n ', '').split('\n');
        expect(whole.map((line) => line.split(/[:;]/, 1)[0])).toEqual([
          ...['BEGIN', 'VERSION', 'PRODID', 'UID', 'N', 'FN', 'ORG', 'TEL', 'NOTE', 'END', ''],
        ]);
      }),
    );
  });
});

describe('what is sent', () => {
  it('never lets a name become markup', async () => {
    const eli = await desk.store.directory.staffMember('eli');
    await desk.store.directory.putStaff({ ...eli!, name: '<script>alert("1")</script>' });
    await links();
    await passOn();
    const [danas = '', elis = ''] = await links();
    await request('POST', elis);
    const { text } = await request('GET', danas);
    expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; has taken');
    expect(text).not.toContain('<script');
  });

  it('never lets any text become markup', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const sent = html`${text}`.text;
        expect(sent).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
        expect(html`<b>${[html`<i>${text}</i>`, null]}</b>`.text).toBe(`<b><i>${sent}</i></b>`);
      }),
    );
  });
});

it('tokens are twelve letters and digits, each a new one', () => {
  const tokens = Array.from({ length: 1000 }, () => makeLinkToken(random));
  expect(new Set(tokens).size).toBe(1000);
  for (const token of tokens) expect(isLinkToken(token)).toBe(true);
});
