import type { Stage } from './stage.ts';

/** On another ticket nobody answers: the ladder, the broken promise, everyone told. */
export async function unanswered(stage: Stage): Promise<void> {
  stage.act('The same night: nobody answers');
  const ticket = await stage.openTicket('Outgoing mail is rejected');
  await stage.escalate(ticket.number);
  const [primary, secondary] = [stage.phoneOf(0), stage.phoneOf(1)];
  const pagesNow = async () =>
    (await stage.newSms()).filter((sms) => sms.body.startsWith(`${ticket.number} OUTAGE`));

  const first = await pagesNow();
  stage.check(
    'The primary is paged at once',
    first.length === 1 && first[0]?.to === primary,
    stage.show(first),
  );
  await stage.minutesLater(5);
  const again = await pagesNow();
  stage.check(
    'The primary is paged again',
    again.length === 1 && again[0]?.to === primary,
    stage.show(again),
  );
  await stage.minutesLater(5);
  const second = await pagesNow();
  stage.check(
    'The secondary is paged',
    second.length === 1 && second[0]?.to === secondary,
    stage.show(second),
  );
  await stage.minutesLater(10);
  const all = await pagesNow();
  const phones = new Set(all.map((sms) => sms.to));
  stage.check('Everyone and the manager are paged', phones.size > 2 && phones.has(primary), stage.show(all));

  await stage.minutesLater(9);
  const waiting = await stage.escalation(ticket.number);
  stage.check('The promise still stands a minute before its time', waiting.promise.brokenAt === null);
  await stage.minutesLater(1);
  const broken = await stage.escalation(ticket.number);
  stage.check(
    'At 30 minutes the promise is broken, and the partner sees it',
    broken.promise.brokenAt !== null,
    `due ${stage.local(broken.promise.dueAt)}, broken ${stage.local(broken.promise.brokenAt)}`,
  );
  const told = await stage.newSms();
  stage.check(
    'Everyone is paged again, and the manager is told',
    told.some((sms) => sms.body.includes('promise broken')) && told.length > phones.size,
    stage.show(told),
  );
  const hooks = await stage.cloud.hooks('console');
  const news = hooks.map(({ body }) => JSON.parse(body) as { type: string; text: string });
  const breach = news.find(
    ({ type, text }) => type === 'escalation.promise_broken' && text.startsWith(ticket.number),
  );
  stage.check('So is the integrator', breach !== undefined, breach?.text);

  await stage.cloud.text(secondary, 'a');
  const after = await stage.newSms();
  const taken = await stage.escalation(ticket.number);
  stage.check(
    'It can still be taken, and everyone paged is told',
    taken.state === 'acknowledged',
    stage.show(after),
  );

  await stage.minutesLater(15);
  const asked = await stage.newSms();
  stage.check(
    'After 15 minutes without a word its holder is asked for one, and nobody else is disturbed',
    asked.length === 1 && asked[0]?.to === secondary,
    stage.show(asked),
  );
  await stage.api('POST', `/v1/tickets/${ticket.number}/escalation/not-contacted`, 200);
  const both = await stage.newSms();
  stage.check(
    'The partner says that nobody has called: the holder and the next level are paged at once',
    both.length > 1 && both.some((sms) => sms.to === secondary),
    stage.show(both),
  );
  await stage.cloud.text(secondary, 'a');
  await stage.cloud.text(secondary, 'done');
  const over = await stage.newSms();
  stage.check(
    'Taken again and done; everyone paged hears of it',
    (await stage.escalation(ticket.number)).state === 'resolved',
    stage.show(over),
  );
}
