import type { Demo } from './seed.ts';

/** What `npm start` prints below its ready line: a ticket and an escalation to paste, and where to look. */
export function invitation({ baseUrl, partnerKey, engineers }: Demo): string {
  const post = (path: string, body: object) =>
    [
      `curl -s ${baseUrl}${path} -H 'authorization: Bearer ${partnerKey}' \\`,
      `  -H 'content-type: application/json' -d '${JSON.stringify(body)}'`,
    ].join('\n');
  const ticket = post('/v1/tickets', {
    subject: 'No mail since 21:50',
    description: 'Nothing arrives for contoso.example.',
    severity: 'outage',
    requester: { name: 'Pat Lee', email: 'pat@partner.example', phone: '+12025550147' },
  });
  const escalation = post('/v1/tickets/NUMBER/escalation', {
    reason: 'mail_not_delivered',
    callback: { name: 'Pat Lee', phone: '+12025550147' },
  });
  return [
    `\nPhones, mail, webhooks and the clock: ${baseUrl}/local`,
    `\nA ticket:\n${ticket}`,
    `\nIts emergency, with the number that the answer shows:\n${escalation}`,
    `\nWho was paged, and the answer of ${engineers[0]?.name ?? 'an engineer'}:`,
    `curl -s ${baseUrl}/local/sms`,
    `curl -s ${baseUrl}/local/sms -d '${JSON.stringify({ from: engineers[0]?.phone, body: 'ack' })}'\n`,
  ].join('\n');
}
