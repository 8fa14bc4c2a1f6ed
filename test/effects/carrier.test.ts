import { afterEach, beforeEach, expect, it } from 'vitest';
import { deskAlerts, type FakeCarrier, fakeCarrier } from '../fakes/carrier.ts';

let fake: FakeCarrier;
beforeEach(async () => {
  fake = await fakeCarrier({ originationNumber: '+12025550100' });
});
afterEach(() => fake.close());

it('sends as transactional, through the pinned number, without a price cap', async () => {
  expect(await fake.carrier.text('+12025550147', 'ND-6PC7-PS9V')).toEqual({ sent: true, messageId: 'msg-1' });
  expect(fake.sent).toEqual([
    {
      messageId: 'msg-1',
      to: '+12025550147',
      topic: null,
      subject: null,
      body: 'ND-6PC7-PS9V',
      attributes: { 'AWS.SNS.SMS.SMSType': 'Transactional', 'AWS.MM.SMS.OriginationNumber': '+12025550100' },
    },
  ]);
});

it('alerts the desk with a subject that SNS takes', async () => {
  await fake.carrier.alertDesk(`ND-6PC7-PS9V – OUTAGE${' long'.repeat(40)}\nPartner: Acme`);
  expect(fake.sent).toMatchObject([
    { to: null, topic: deskAlerts, body: expect.stringContaining('Partner: Acme') },
  ]);
  expect(fake.sent[0]?.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
});

it.each([
  ['InvalidParameter', 400, 'refused', 'bad number'],
  ['OptedOut', 400, 'refused', 'opted out'],
  ['AuthorizationError', 403, 'refused', 'AuthorizationErrorException'],
  ['Throttled', 429, 'not_taken', 'ThrottledException'],
  ['Throttling', 400, 'not_taken', 'Throttling'],
  ['InternalError', 500, 'unknown', 'InternalErrorException'],
  ['ServiceUnavailable', 503, 'unknown', 'ServiceUnavailable'],
])('tells what %s (%i) means for the message: %s', async (error, status, why, failure) => {
  fake.mishaps.push({ error, status });
  expect(await fake.carrier.text('+12025550147', 'x')).toEqual({ sent: false, why, failure });
  expect(fake.sent).toHaveLength(0);
});

it('tries nothing twice, and does not know what a broken connection means', async () => {
  fake.mishaps.push('hangs_up');
  expect(await fake.carrier.text('+12025550147', 'x')).toMatchObject({ sent: false, why: 'unknown' });
  expect(fake.sent).toHaveLength(1);
});

it('does not wait for an answer that takes four seconds', async () => {
  fake.mishaps.push('silent');
  expect(await fake.carrier.text('+12025550147', 'x')).toEqual({
    sent: false,
    why: 'unknown',
    failure: 'time-out',
  });
});

it('knows that nothing was sent when SNS cannot be reached', async () => {
  await fake.close();
  expect(await fake.carrier.text('+12025550147', 'x')).toMatchObject({ sent: false, why: 'not_taken' });
});

it('asks who has opted out, and says so when it is not told', async () => {
  fake.optedOut.add('+12025550147');
  expect(await fake.carrier.optedOut('+12025550147')).toBe(true);
  expect(await fake.carrier.optedOut('+12025550148')).toBe(false);
  fake.opaque = true;
  await expect(fake.carrier.optedOut('+12025550147')).rejects.toThrow();
});
