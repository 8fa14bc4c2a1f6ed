import { createHmac } from 'node:crypto';
import type { PreviewAnswer, Stage } from './stage.ts';

/** Monday, 22:10: closed. Escalate pages the primary within a second; the engineer answers; everyone sees it. */
export async function takenAtNight(stage: Stage): Promise<void> {
  stage.act('A Monday at 22:10 in New York');
  await stage.clock('2026-11-24T03:10:00Z');
  const hook = await stage.api<{ secret: string }>('POST', '/v1/webhooks', 201, {
    url: `${stage.cloud.baseUrl}/local/hooks/console`,
    eventTypes: ['ticket.*', 'escalation.*'],
  });

  const ticket = await stage.openTicket('No mail since 22:00');
  const { support } = ticket;
  stage.check(
    'The partner opens a ticket; the answer says that the desk is closed, why, and when it opens',
    !support.open && support.opensAt !== null,
    `${ticket.number}: ${support.reason}; opens ${stage.local(support.opensAt)}`,
  );
  stage.check('It says what to do now', ticket.nextStep.action === 'escalate', ticket.nextStep.because);

  const preview = await stage.api<PreviewAnswer>(
    'GET',
    `/v1/tickets/${ticket.number}/escalation/preview`,
    200,
  );
  const levels = preview.wouldPage.map(
    ({ level, afterSeconds, to }) =>
      `level ${level} after ${afterSeconds / 60} min: ${to.map(({ name }) => name).join(', ')}`,
  );
  stage.check(
    'The preview says who would be paged, and by when they must acknowledge',
    preview.route === 'on_call' && levels.length > 0,
    [preview.reason, ...levels, `promise: ${stage.local(preview.promiseDueAt)}`].join('\n'),
  );

  // Both on the desk's clock: what else the press sets going is not waited for.
  const pressedAt = Date.parse(await stage.cloud.now());
  await stage.escalate(ticket.number);
  const sms = await stage.newSms();
  const seconds = (Date.parse(sms[0]?.at ?? '') - pressedAt) / 1000;
  stage.check(
    `Escalate pages the primary by SMS within a second (${seconds.toFixed(2)} s)`,
    seconds < 1,
    stage.show(sms),
  );
  stage.check('Nobody else is disturbed', sms.length === 1 && sms[0]?.to === stage.phoneOf(0));

  await stage.cloud.text(stage.phoneOf(0), 'ack');
  const answer = await stage.newSms();
  stage.check('The engineer answers "ack" and learns whom to call', answer.length === 1, stage.show(answer));

  const taken = await stage.escalation(ticket.number);
  stage.check(
    'The partner sees who has it, and since when',
    taken.state === 'acknowledged' && taken.acknowledgedBy !== null,
    `${taken.acknowledgedBy?.name} since ${stage.local(taken.acknowledgedAt)}; promise kept`,
  );

  await stage.cloud.text(stage.phoneOf(0), 'n calling Pat now');
  const noted = await stage.newSms();
  const spoken = await stage.escalation(ticket.number);
  stage.check(
    'A note by SMS is the first word to the partner; without one the engineer would be asked, then on-call paged again',
    spoken.contactedAt !== null,
    stage.show(noted),
  );

  const received = await stage.cloud.hooks('console');
  const key = Buffer.from(hook.secret.slice('whsec_'.length), 'base64');
  const events = received.map(({ headers, body }) => {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    const signature = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    const { subjectSeq, text } = JSON.parse(body) as { subjectSeq: number; text: string };
    return { subjectSeq, text, valid: headers['webhook-signature'] === signature };
  });
  events.sort((a, b) => a.subjectSeq - b.subjectSeq);
  stage.check(
    "The integrator's webhook has received each step, signed",
    events.length === 6 && events.every(({ valid }) => valid),
    events.map(({ subjectSeq, text }) => `${subjectSeq}. ${text}`).join('\n'),
  );

  await stage.cloud.text(stage.phoneOf(0), 'done');
  const ended = await stage.newSms();
  stage.check(
    'The engineer ends the emergency with "done"; the ticket stays for the desk',
    (await stage.escalation(ticket.number)).state === 'resolved',
    stage.show(ended),
  );
}
