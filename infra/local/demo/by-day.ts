import type { PreviewAnswer, Stage } from './stage.ts';

/** By day the same press alerts the desk first, and on-call only after 10 minutes without an answer. */
export async function byDay(stage: Stage): Promise<void> {
  stage.act('The next morning at 10:00');
  await stage.clock('2026-11-24T15:00:00Z');
  const ticket = await stage.openTicket('Mail is delayed by an hour');
  stage.check('The desk is open', ticket.support.open, ticket.support.reason);
  const preview = await stage.api<PreviewAnswer>(
    'GET',
    `/v1/tickets/${ticket.number}/escalation/preview`,
    200,
  );
  stage.check('The preview says that the desk comes first', preview.route === 'desk', preview.reason);

  await stage.escalate(ticket.number);
  await stage.cloud.settle();
  const alerts = (await stage.cloud.mail()).filter((mail) => mail.text.includes(ticket.number));
  stage.check('The desk is alerted by mail', alerts.length > 0, alerts[0]?.text);
  stage.check('No phone rings', (await stage.newSms()).length === 0);
  await stage.minutesLater(10);
  const paged = await stage.newSms();
  stage.check(
    'After 10 minutes without an answer the primary is paged',
    paged.length === 1 && paged[0]?.to === stage.phoneOf(0),
    stage.show(paged),
  );
  await stage.cloud.text(stage.phoneOf(0), '"ACK"');
  const answer = await stage.newSms();
  const taken = await stage.escalation(ticket.number);
  stage.check('The engineer takes it', taken.state === 'acknowledged', stage.show(answer));
}
