import { access, operation, respond } from '../operation.ts';
import { idParams, listOf, shortListQuery } from '../schemas/common.ts';
import { eventTypeOut, eventTypeParams, eventTypeWhole } from '../schemas/event.ts';
import {
  deliveriesQuery,
  delivery,
  deliveryWithBody,
  eventPage,
  eventsQuery,
  newWebhook,
  recoveryIn,
  recoveryOut,
  rotation,
  webhook,
  webhookChange,
  webhookIn,
  webhookTest,
} from '../schemas/webhook.ts';

const tag = 'Webhooks';

export const createWebhook = operation({
  id: 'createWebhook',
  method: 'POST',
  path: '/v1/webhooks',
  tag,
  summary: 'Have events sent to a URL',
  description:
    "Signed as Standard Webhooks describe. HTTPS and public addresses only. A partner's endpoint gets its own events, staff's endpoints get all. Twenty endpoints an owner.",
  access: access.writeWebhooks,
  body: webhookIn,
  responses: { 201: respond('The endpoint and its secret.', newWebhook, ['Location', 'ETag']) },
  problems: ['webhook_url_refused', 'too_many_webhooks'],
  idempotent: 'secret',
});

export const listWebhooks = operation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/v1/webhooks',
  tag,
  summary: 'List webhook endpoints',
  description: 'Your own. Secrets are shown only when they are made.',
  access: access.readWebhooks,
  query: shortListQuery,
  responses: { 200: respond('All of them, without their secrets.', listOf(webhook)) },
  problems: ['bad_cursor'],
});

const one = { tag, params: idParams } as const;
const read = { ...one, access: access.readWebhooks } as const;
const write = { ...one, access: access.writeWebhooks } as const;

export const getWebhook = operation({
  ...read,
  id: 'getWebhook',
  method: 'GET',
  path: '/v1/webhooks/{id}',
  summary: 'Read a webhook endpoint',
  description: 'Its settings and its health.',
  responses: { 200: respond('The endpoint.', webhook, ['ETag']) },
  problems: ['not_found'],
});

export const updateWebhook = operation({
  ...write,
  id: 'updateWebhook',
  method: 'PATCH',
  path: '/v1/webhooks/{id}',
  summary: 'Change a webhook endpoint',
  description: 'Deliveries that are under way go to the new URL at their next attempt.',
  body: webhookChange,
  responses: { 200: respond('The endpoint as it is now.', webhook, ['ETag']) },
  problems: ['not_found', 'webhook_url_refused', 'precondition_failed', 'conflict'],
  ifMatch: true,
});

export const deleteWebhook = operation({
  ...write,
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  summary: 'Delete a webhook endpoint',
  description: 'Nothing is sent there any more; what waits is dropped.',
  responses: { 204: respond('It is gone.', null) },
  problems: ['not_found'],
});

export const rotateSecret = operation({
  ...write,
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/v1/webhooks/{id}/rotate-secret',
  summary: 'Replace the secret',
  description: 'The secret before signs along for a day, or as long as you say: receivers take either.',
  body: rotation,
  bodyOptional: true,
  responses: { 200: respond('The endpoint and its new secret.', newWebhook) },
  problems: ['not_found', 'conflict'],
  idempotent: 'secret',
});

export const testWebhook = operation({
  ...write,
  id: 'testWebhook',
  method: 'POST',
  path: '/v1/webhooks/{id}/test',
  summary: 'Send an example of an event now',
  description:
    'Answers when the attempt is over, with its log. It is never repeated; a disabled endpoint gets it, too.',
  body: webhookTest,
  bodyOptional: true,
  responses: { 200: respond('The delivery with its one attempt.', deliveryWithBody) },
  problems: ['not_found'],
  idempotent: 'claim',
});

export const enableWebhook = operation({
  ...write,
  id: 'enableWebhook',
  method: 'POST',
  path: '/v1/webhooks/{id}/enable',
  summary: 'Use an endpoint again',
  description: 'What it has missed is kept for 30 days: recover it.',
  responses: { 200: respond('The endpoint.', webhook, ['ETag']) },
  problems: ['not_found', 'conflict'],
  idempotent: 'claim',
});

export const disableWebhook = operation({
  ...write,
  id: 'disableWebhook',
  method: 'POST',
  path: '/v1/webhooks/{id}/disable',
  summary: 'Stop using an endpoint',
  description: 'Events are kept as skipped for 30 days and can be recovered.',
  responses: { 200: respond('The endpoint.', webhook, ['ETag']) },
  problems: ['not_found', 'conflict'],
  idempotent: 'claim',
});

export const recoverWebhook = operation({
  ...write,
  id: 'recoverWebhook',
  method: 'POST',
  path: '/v1/webhooks/{id}/recover',
  summary: 'Bring back what an endpoint has missed',
  description:
    'Each delivery of the range gets the whole schedule anew, behind whatever is fresh. The last 5 seconds are left out.',
  body: recoveryIn,
  responses: { 202: respond('What is being brought back, or would be.', recoveryOut) },
  problems: ['not_found', 'webhook_disabled'],
  idempotent: 'claim',
});

export const listDeliveries = operation({
  ...read,
  id: 'listDeliveries',
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  summary: 'List the deliveries to an endpoint',
  description: 'What was sent, when it is tried again, and what was skipped.',
  query: deliveriesQuery,
  responses: { 200: respond('A page of deliveries with their attempts, newest first.', listOf(delivery)) },
  problems: ['not_found', 'bad_cursor'],
});

export const getDelivery = operation({
  ...read,
  id: 'getDelivery',
  method: 'GET',
  path: '/v1/deliveries/{id}',
  summary: 'Read a delivery',
  description: 'With every attempt: what was sent, what came back, and why it failed.',
  responses: { 200: respond('The delivery, its body and its attempts.', deliveryWithBody) },
  problems: ['not_found'],
});

export const retryDelivery = operation({
  ...write,
  id: 'retryDelivery',
  method: 'POST',
  path: '/v1/deliveries/{id}/retry',
  summary: 'Attempt a delivery again now',
  description:
    'Whatever became of it, with the whole schedule behind it; a test once, to a disabled endpoint, too. One that was queued within the last minute is on its way.',
  responses: {
    202: respond('The delivery as it is now, with the first KiB of each answer it met.', deliveryWithBody),
  },
  problems: ['not_found', 'webhook_disabled', 'conflict'],
  idempotent: 'claim',
});

export const listEventTypes = operation({
  id: 'listEventTypes',
  method: 'GET',
  path: '/v1/event-types',
  tag,
  summary: 'List the events that there are',
  description: 'What a webhook can be sent.',
  access: access.anyKey,
  query: shortListQuery,
  responses: { 200: respond('All of them.', listOf(eventTypeOut)) },
  problems: ['bad_cursor'],
});

export const getEventType = operation({
  id: 'getEventType',
  method: 'GET',
  path: '/v1/event-types/{type}',
  tag,
  summary: 'Read about an event, with the JSON Schema of its body and an example',
  description: 'Deliveries hold at least what the schema says; fields may be added.',
  access: access.anyKey,
  params: eventTypeParams,
  responses: { 200: respond('The event.', eventTypeWhole) },
  problems: ['not_found'],
});

export const listEvents = operation({
  id: 'listEvents',
  method: 'GET',
  path: '/v1/events',
  tag,
  summary: 'List what happened, oldest first',
  description:
    'To check that no webhook was missed: the bodies of all events on your tickets, and of `desk.opened`, in their order; for staff those of a `partner`, or the desk’s own (openings, gaps in the coverage, its webhooks). The last 5 seconds are held back, so that no cursor skips one.',
  access: access.readTickets,
  query: eventsQuery,
  responses: { 200: respond('A page of events.', eventPage) },
  problems: ['bad_cursor', 'unknown_reference'],
});
