import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type StartedCloud, startLocalCloud } from '../../infra/local/client.ts';
import { localDynamoDb } from '../fakes/dynamodb.ts';
import { type Api, caller, checked } from './api.ts';
import { asCatalogued } from './catalogued.ts';

/**
 * The little language of the flows: a partner, an engineer and the clock, over the whole local cloud.
 * `await desk.expectSms('dana', /ND-/).reply('ack').expect(/is yours/)`. A test fails on any SMS that nobody
 * expected.
 */
export interface Desk {
  cloud: StartedCloud;
  partner: Api;
  otherPartner: Api;
  staff: Api;
  admin: Api;
  /** Settles, and takes the next SMS to this person (or number) out of the list of those that nobody has expected yet. */
  expectSms(who: string, pattern: RegExp): ExpectedSms;
  /** Sends an SMS from this person's phone, out of the blue. */
  text(who: string, body: string): Promise<void>;
  phoneOf(who: string): string;
  /** What was sent so far is not what this test is about. */
  forgetSms(): Promise<void>;
  /** Fails when somebody got an SMS that the test has not expected. */
  expectNoMoreSms(): Promise<void>;
}

export interface ExpectedSms extends PromiseLike<string> {
  /** Answers it from that phone. */
  reply(body: string): { expect(pattern: RegExp): Promise<string> } & PromiseLike<void>;
}

/**
 * A desk for each test of a file: one local cloud a file, in memory, with the demo provider; each test begins
 * at `start` with no SMS outstanding. As all begin in the same minute, pages a minute are not limited unless
 * a file is about that.
 */
export function openDesk(
  start: string,
  { pagesPerMinute = null }: { pagesPerMinute?: number | null } = {},
): Desk {
  let cloud: StartedCloud | undefined;
  let seen = new Set<string>();
  const running = (): StartedCloud => {
    if (!cloud) throw new Error('the local cloud is not running');
    return cloud;
  };
  const api = (key: 'partnerKey' | 'otherPartnerKey' | 'staffKey' | 'adminKey'): Api =>
    checked((...call) => caller(running().baseUrl, running().demo[key])(...call));

  const open = async () => (await running().sms()).filter((sms) => !seen.has(sms.id));
  const phoneOf = (who: string) => {
    if (who.startsWith('+')) return who;
    const person = running().demo.engineers.find(({ name }) =>
      name.toLowerCase().startsWith(who.toLowerCase()),
    );
    if (!person) throw new Error(`nobody called ${who} in the demo`);
    return person.phone;
  };
  const take = async (who: string, pattern: RegExp): Promise<string> => {
    await running().settle();
    const to = phoneOf(who);
    const unexpected = await open();
    const found = unexpected.find((sms) => sms.to === to && pattern.test(sms.body));
    if (!found) {
      const had = unexpected.map((sms) => `  ${sms.to}: ${sms.body}`).join('\n') || '  (none)';
      throw new Error(`${who} (${to}) got no SMS like ${pattern}. Not yet expected were:\n${had}`);
    }
    seen.add(found.id);
    return found.body;
  };
  const text = async (who: string, body: string) => {
    await running().text(phoneOf(who), body);
    await running().settle();
  };
  const expectSms = (who: string, pattern: RegExp): ExpectedSms => {
    const taken = take(who, pattern);
    return {
      // biome-ignore lint/suspicious/noThenProperty: the language reads as a sentence that is awaited as a whole
      then: (...handlers) => taken.then(...handlers),
      reply(body) {
        const replied = taken.then(() => text(who, body));
        return {
          // biome-ignore lint/suspicious/noThenProperty: as above
          then: (...handlers) => replied.then(...handlers),
          expect: (answer) => replied.then(() => take(who, answer)),
        };
      },
    };
  };
  const expectNoMoreSms = async () => {
    await running().settle();
    expect((await open()).map((sms) => `${sms.to}: ${sms.body}`)).toEqual([]);
  };

  /** Nothing of this test rings in the next one. */
  const resolveAll = async () => {
    for (const state of ['paging', 'acknowledged', 'exhausted'] as const) {
      const { body } = await api('adminKey')('GET', `/v1/escalations?limit=100&state=${state}`);
      for (const { id } of body.data) await api('adminKey')('POST', `/v1/escalations/${id}/resolve`);
    }
    await running().settle();
  };

  beforeAll(async () => {
    const { port } = await localDynamoDb();
    cloud = await startLocalCloud({ dynamoPort: port, warm: false });
    const provider = await api('adminKey')('GET', '/v1/provider');
    await api('adminKey')('PUT', '/v1/provider', { ...provider.body, nightlyCap: 1000, pagesPerMinute });
  });
  const forgetSms = async () => {
    await running().settle();
    seen = new Set((await running().sms()).map((sms) => sms.id));
  };

  beforeEach(async () => {
    await running().clock({ set: start });
    await forgetSms();
  });
  afterEach(async () => {
    await expectNoMoreSms();
    expect((await running().deadLetters()).map((letter) => letter.queue)).toEqual([]);
    await resolveAll();
  });
  afterAll(async () => {
    if (cloud) await asCatalogued(api('adminKey'));
    await cloud?.close();
  });

  return {
    get cloud() {
      return running();
    },
    partner: api('partnerKey'),
    otherPartner: api('otherPartnerKey'),
    staff: api('staffKey'),
    admin: api('adminKey'),
    expectSms,
    text,
    phoneOf,
    forgetSms,
    expectNoMoreSms,
  };
}
