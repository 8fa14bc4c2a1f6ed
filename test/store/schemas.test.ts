import { expect, test } from 'vitest';
import type * as z from 'zod';
import type { Calendar } from '../../shared/domain/calendar/types.ts';
import type {
  ApiKey,
  Partner,
  Plan,
  Policy,
  Provider,
  Service,
  Staff,
} from '../../shared/domain/directory.ts';
import type { Escalation, Page } from '../../shared/domain/escalation/escalation.ts';
import type { TicketEvent } from '../../shared/domain/event.ts';
import type { Schedule } from '../../shared/domain/schedule/types.ts';
import type { Ticket } from '../../shared/domain/ticket/ticket.ts';
import type { Timer } from '../../shared/domain/timer.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../../shared/domain/webhook/webhook.ts';
import { calendarSchema, scheduleSchema } from '../../shared/store/schemas/calendar.ts';
import * as directory from '../../shared/store/schemas/directory.ts';
import { escalationSchema, pageSchema } from '../../shared/store/schemas/escalation.ts';
import type { eventSchema } from '../../shared/store/schemas/event.ts';
import { ticketSchema } from '../../shared/store/schemas/ticket.ts';
import type { timerSchema } from '../../shared/store/schemas/timer.ts';
import { deliverySchema, endpointSchema } from '../../shared/store/schemas/webhook.ts';
import { defaultCalendar } from '../domain/defaults.ts';
import {
  aDelivery,
  anEndpoint,
  anEscalation,
  aPage,
  aPolicy,
  aSchedule,
  aStaff,
  aTicket,
} from './samples.ts';

/** All members required and writable, so that an optional one that a schema forgot is a difference. */
type Whole<T> = unknown extends T
  ? 'unknown'
  : T extends object
    ? { -readonly [K in keyof T]-?: Whole<T[K]> }
    : T;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Matches<Schema extends () => z.ZodType, T> = Same<Whole<z.output<ReturnType<Schema>>>, Whole<T>>;

/** The compiler refuses this table when a schema and its domain type differ in any member. */
const matches: [
  Matches<typeof ticketSchema, Ticket>,
  Matches<typeof escalationSchema, Escalation>,
  Matches<typeof pageSchema, Page>,
  Matches<typeof eventSchema, TicketEvent>,
  Matches<typeof timerSchema, Timer>,
  Matches<typeof calendarSchema, Calendar & { id: string }>,
  Matches<typeof scheduleSchema, Schedule>,
  Matches<typeof endpointSchema, WebhookEndpoint>,
  Matches<typeof deliverySchema, WebhookDelivery>,
  Matches<typeof directory.providerSchema, Provider>,
  Matches<typeof directory.partnerSchema, Partner>,
  Matches<typeof directory.planSchema, Plan>,
  Matches<typeof directory.policySchema, Policy>,
  Matches<typeof directory.serviceSchema, Service>,
  Matches<typeof directory.staffSchema, Staff>,
  Matches<typeof directory.apiKeySchema, ApiKey>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true];

test('every schema is exactly its domain type', () => {
  expect(matches.every(Boolean)).toBe(true);
});

test('an entity with keys beside it is parsed to the entity alone', () => {
  const ticket = aTicket();
  const escalation = anEscalation(ticket);
  const keys = { pk: 'x', sk: 'y', listPk: 'z', outbox: 'event' };
  expect(ticketSchema().parse({ ...ticket, ...keys })).toEqual(ticket);
  expect(escalationSchema().parse({ ...escalation, ...keys })).toEqual(escalation);
  expect(pageSchema().parse({ ...aPage(escalation), ...keys })).toEqual(aPage(escalation));
  expect(scheduleSchema().parse({ ...aSchedule, ...keys })).toEqual(aSchedule);
  expect(calendarSchema().parse({ ...defaultCalendar, id: 'x', ...keys })).toEqual({
    ...defaultCalendar,
    id: 'x',
  });
  expect(directory.policySchema().parse({ ...aPolicy, ...keys })).toEqual(aPolicy);
  expect(directory.staffSchema().parse({ ...aStaff('s', null), ...keys })).toEqual(aStaff('s', null));
  expect(endpointSchema().parse({ ...anEndpoint('e'), ...keys })).toEqual(anEndpoint('e'));
  expect(deliverySchema().parse({ ...aDelivery('d'), ...keys })).toEqual(aDelivery('d'));
});
