/**
 * Every refusal of the API, in one map: the code picks status and title, the documentation lists them all.
 * RFC 9457. `detail` and `errors` are written where the refusal is known. `retryAfter`: it is answered with
 * `Retry-After`, of so many seconds where the refusal itself does not know better.
 */
export const problems = {
  invalid_request: { status: 422, title: 'The request is not valid' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  body_too_large: { status: 413, title: 'The body is larger than 1 MB' },
  bad_ticket_number: { status: 400, title: 'This is not a ticket number' },
  bad_cursor: { status: 400, title: 'This cursor is not one of ours' },
  unauthenticated: { status: 401, title: 'A valid API key is needed' },
  forbidden: { status: 403, title: 'This key may not do that' },
  not_paged: { status: 403, title: 'You were not paged for this escalation' },
  not_found: { status: 404, title: 'There is nothing here' },
  ticket_not_found: { status: 404, title: 'No such ticket' },
  escalation_not_found: { status: 404, title: 'No such escalation' },
  method_not_allowed: { status: 405, title: 'This method is not offered here' },
  already_acknowledged: { status: 409, title: 'Somebody has already taken it' },
  not_active: { status: 409, title: 'There is no active escalation' },
  not_shared: { status: 409, title: 'This escalation shares no outage' },
  not_holder: { status: 409, title: 'Somebody else holds it' },
  conflict: { status: 409, title: 'Somebody else changed this at the same time', retryAfter: 1 },
  already_exists: { status: 409, title: 'There is one with this id already' },
  key_ended: { status: 409, title: 'This API key has ended' },
  override_ended: { status: 409, title: 'This override has ended' },
  override_overlaps: { status: 409, title: 'Another override covers that time' },
  idempotency_in_progress: {
    status: 409,
    title: 'The first request with this key is still running',
    retryAfter: 2,
  },
  precondition_failed: { status: 412, title: 'It has changed since you read it' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key came with another body' },
  webhook_url_refused: { status: 422, title: 'Webhooks cannot be sent to this address' },
  no_phone: { status: 422, title: 'This person has no phone' },
  too_many_webhooks: { status: 409, title: 'There are as many webhook endpoints as there may be' },
  webhook_disabled: { status: 409, title: 'This endpoint is disabled' },
  unknown_reference: { status: 422, title: 'The request names something that does not exist' },
  cannot_page_anybody: { status: 422, title: 'This would page nobody' },
  report_too_large: { status: 422, title: 'The report is too large' },
  nightly_cap_reached: { status: 429, title: 'Too many emergencies tonight over the API', retryAfter: 3_600 },
  rate_limited: { status: 429, title: 'Too many requests with this key', retryAfter: 1 },
  throttled: { status: 429, title: 'Too many messages to this phone', retryAfter: 1 },
  not_set_up: { status: 503, title: 'The desk is not set up yet', retryAfter: 60 },
  busy: { status: 503, title: 'We are busy', retryAfter: 2 },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, Problem>;

export interface Problem {
  status: number;
  title: string;
  retryAfter?: number;
}

export type ProblemCode = keyof typeof problems;

/** What is wrong with a field of a document, as a refusal shows it: `{field: "week.mon.0", message}`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}
