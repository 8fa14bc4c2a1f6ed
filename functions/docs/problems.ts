import type { ProblemCode } from '../../shared/contract/problems.ts';

/** What a caller should know of each refusal: why it comes, and what to do. The compiler asks for every code. */
export const help: Readonly<Record<ProblemCode, { why: string; remedy: string }>> = {
  invalid_request: {
    why: 'A field of the body, the query, the path or a header is missing, unknown or not of its form.',
    remedy: '`errors` names each field and what is wrong with it. Mend them all and send it again.',
  },
  malformed_json: {
    why: 'The body is empty, not JSON, or not in UTF-8.',
    remedy: 'Send one JSON object in UTF-8.',
  },
  unsupported_media_type: {
    why: 'The body was not called JSON.',
    remedy: 'Send the header `Content-Type: application/json`.',
  },
  body_too_large: {
    why: 'A body may have 1 MB.',
    remedy: 'Shorten the text. This version does not take files yet.',
  },
  bad_ticket_number: {
    why: 'It is not of the form `ND-6PC7-PS91`, or its last symbol, the check symbol, does not fit the others.',
    remedy: 'Look at the number again: one symbol was mistyped, or two neighbours were swapped.',
  },
  bad_cursor: {
    why: 'A cursor belongs to one list, one filter and one caller.',
    remedy: 'Begin the list anew, without `cursor`, and take each next one from `nextCursor`.',
  },
  unauthenticated: {
    why: 'There is no API key in the request, or it is unknown, expired or revoked. Which of these is not told.',
    remedy: 'Send `Authorization: Bearer nd_…`. If you do, ask an admin of the provider for a new key.',
  },
  forbidden: {
    why: 'The key is good, but this is not for its holder, or it lacks the scope; `detail` says which.',
    remedy: 'Use a key that may do this, or ask an admin of the provider for one with the scope.',
  },
  not_paged: {
    why: 'Engineers act on emergencies that they were paged for. Agents, managers and admins act on all.',
    remedy: 'Let whoever was paged act, or somebody of the desk.',
  },
  not_found: {
    why: 'There is nothing at this path, or nothing with this id that is yours.',
    remedy: 'Check the path and the id. What belongs to others is answered the same way.',
  },
  ticket_not_found: {
    why: 'There is no such ticket among yours.',
    remedy: 'Check the number, and that the key is the one of the partner who opened it.',
  },
  escalation_not_found: {
    why: 'The ticket was never escalated, or there is no escalation with this id.',
    remedy: 'Press Escalate first, by POST to the ticket’s `escalation`.',
  },
  method_not_allowed: {
    why: 'This path is there, but not with this method.',
    remedy: 'The header `Allow` names the methods that it has.',
  },
  already_acknowledged: {
    why: 'Somebody took it before. The first wins.',
    remedy: 'Nothing is left to do; `detail` says who has it.',
  },
  not_active: {
    why: 'The escalation has ended, or there was none.',
    remedy: 'Read it by GET. If it is an emergency again, press Escalate again.',
  },
  not_shared: {
    why: 'Only an escalation that follows an outage can be split from it.',
    remedy: 'Nothing is left to do: this one pages on its own.',
  },
  not_holder: {
    why: 'Only whoever holds an emergency can hand it on.',
    remedy: 'Ask the holder, whom GET names in `acknowledgedBy`.',
  },
  conflict: {
    why: 'Others kept changing the same thing in the same moment.',
    remedy: 'Send it again, with the same `Idempotency-Key`, after the seconds in `Retry-After`.',
  },
  already_exists: {
    why: 'Another one has this id, phone or address.',
    remedy: 'Use another one, or change the one that is there.',
  },
  key_ended: {
    why: 'The key is revoked or has expired, so that it cannot be rotated.',
    remedy: 'Make a new key, or ask an admin of the provider for one.',
  },
  override_ended: {
    why: 'An override whose time is over belongs to the record.',
    remedy: 'Nothing is left to do: who was on call then stays known.',
  },
  override_overlaps: {
    why: 'Another override already relieves the same person in a part of that time.',
    remedy: 'End that one first, or choose a time beside it.',
  },
  idempotency_in_progress: {
    why: 'The first request with this `Idempotency-Key` has not been answered yet.',
    remedy: 'Wait the seconds in `Retry-After` and send the same again: you get the first one’s answer.',
  },
  precondition_failed: {
    why: 'It was changed after you read it: your `If-Match` is of an older version.',
    remedy: 'Read it again, look at what changed, and send your change with the new `ETag`.',
  },
  idempotency_key_reused: {
    why: 'The same `Idempotency-Key` came before, with another body, another path or another API key.',
    remedy: 'Use a new key for a new request. Only repetitions use the same one.',
  },
  webhook_url_refused: {
    why: 'Webhooks go to public addresses by HTTPS. This URL is not HTTPS, or its host is not a public address, or its name leads to one that is not.',
    remedy: 'Give a public `https://` URL. `detail` says what was found.',
  },
  no_phone: {
    why: 'This person has no phone that an SMS could be sent to.',
    remedy: 'Give them a phone first, by PATCH.',
  },
  too_many_webhooks: {
    why: 'An owner may have so many endpoints and no more; `detail` says how many.',
    remedy: 'Delete one that is no longer used, or let one endpoint take more event types.',
  },
  webhook_disabled: {
    why: 'Nothing is sent to a disabled endpoint.',
    remedy: 'Enable it first, by POST to its `enable`.',
  },
  unknown_reference: {
    why: 'A field names something that is not there, such as a service, a plan or a person.',
    remedy: '`errors` names the field. Make what it names first, or name another one.',
  },
  cannot_page_anybody: {
    why: 'What was asked for would page nobody: an empty level, a missing phone, nobody left to pass to.',
    remedy: '`detail` and `errors` say why. Put somebody on call who has a phone.',
  },
  report_too_large: {
    why: 'There are more escalations in the range than one report counts.',
    remedy: 'Ask for a shorter range, several times.',
  },
  nightly_cap_reached: {
    why: 'More emergencies were begun over the API tonight than your provider lets one partner begin.',
    remedy:
      'Call the number in `phone`: somebody answers, day and night. It is also the place to ask for a higher cap.',
  },
  rate_limited: {
    why: 'This key has sent more requests than it may in a minute. `RateLimit` and `RateLimit-Policy` of every answer that counts tell what is left. Escalations are never counted.',
    remedy: 'Wait the seconds in `Retry-After`. Let webhooks tell you what changes instead of asking for it.',
  },
  throttled: {
    why: 'A phone gets only so many messages of this kind.',
    remedy: 'Wait the seconds in `Retry-After`.',
  },
  not_set_up: {
    why: 'The provider has not finished setting up the desk.',
    remedy: 'For admins: `GET /v1/setup` lists what is missing. For everybody else: call the provider.',
  },
  busy: {
    why: 'Our storage could not keep up just now. What was asked for was done whole or not at all; of many tickets to link to an incident that is true of each.',
    remedy:
      'Send the same again, with the same `Idempotency-Key`, after the seconds in `Retry-After`. Tickets that are linked already stay as they are.',
  },
  internal: {
    why: 'Something failed on our side. With an `Idempotency-Key` it is safe to send the same again.',
    remedy: 'Try again. If it stays, tell the provider the `requestId`.',
  },
};
