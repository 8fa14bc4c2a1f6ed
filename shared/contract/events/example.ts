import * as z from 'zod';
import { exampleOf, type JsonSchema } from '../example.ts';
import type { EventType } from '../words.ts';
import { catalogue } from './catalogue.ts';

/** What fields of these names hold in an example; `a.b` is b in a. */
const words: Record<string, unknown> = {
  'ticket.number': 'ND-6PC7-PS91',
  'ticket.subject': 'Mail to contoso.example is not delivered',
  'partner.id': 'ptn_acme',
  'partner.name': 'Acme MSP',
  'externalRef.system': 'psa',
  'externalRef.id': '4711',
  'externalRef.url': 'https://psa.acme.example/tickets/4711',
  'escalation.id': 'esc_6PC7PS91_1',
  'webhook.id': 'whe_2b7r0c9d4k1m5n8p3q6s',
  'webhook.partner': 'ptn_acme',
  'webhook.host': 'hooks.acme.example',
  'page.id': 'esc_6PC7PS91_1_1',
  'pages.id': 'esc_6PC7PS91_1_1',
  'comment.body': 'Mail flows again since 22:31.',
  'sla.basis': '72 h elapsed',
  openedAt: '2026-01-05T14:00:00.000Z',
  closesAt: '2026-01-06T01:00:00.000Z',
  calendar: 'default',
  timezone: 'America/New_York',
  name: 'Dana Fox',
  phone: '+1 202 555 0199',
  changed: 'status',
  description: 'Our console',
};

/** The data of such an event, made from its schema, so that no type can be without an example. */
export function exampleData(type: EventType): Record<string, unknown> {
  const whole = z.toJSONSchema(catalogue[type].data()) as JsonSchema;
  return exampleOf(whole, { words, defs: whole.$defs ?? {} }) as Record<string, unknown>;
}
