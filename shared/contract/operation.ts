import * as z from 'zod';
import { lazy, type Schema } from './lazy.ts';
import type { ProblemCode } from './problems.ts';
import { openedGaps } from './schemas/coverage.ts';
import { type Scope, type StaffRole, staffRoles } from './words.ts';

/** Whose keys may call an operation. */
export type Who = 'partner' | StaffRole;

export interface Access {
  who: readonly Who[];
  /** null: any key will do. The scope `admin` holds every other one. */
  scope: Scope | null;
}

export interface ResponseSpec {
  description: string;
  body: Schema | null;
  headers?: readonly ('ETag' | 'Location')[];
  /** Another media type that it comes in when asked for, such as `text/csv`. */
  also?: string;
}

/**
 * How a POST keeps its promise about `Idempotency-Key`:
 * `commit`: the record is part of the one transaction of its effect;
 * `claim`: claimed before the effect, and recorded with it where it is one transaction; else after it, so that a crash
 * between the two has a repetition do it again, which must do no harm: a test, a retry, a link that is there already;
 * `secret`: a claim whose answer is kept encrypted, for one hour.
 */
export type Idempotent = 'commit' | 'claim' | 'secret';

/** What is counted together, a key and minute: see `rateLimits` of a stage. */
export type RateLimited = 'requests' | 'tickets';

/** One operation of the API: what the router, the OpenAPI document and the tests are made from. */
export interface Operation<P = unknown, Q = unknown, B = unknown> {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  tag: string;
  summary: string;
  description: string | null;
  /** `open`: no key is needed. */
  access: Access | 'open';
  params: Schema<P>;
  query: Schema<Q>;
  /** null: a body is not read. */
  body: Schema<B> | null;
  /** Whether the body may be left out; then it is `{}`. */
  bodyOptional: boolean;
  responses: Readonly<Record<number, ResponseSpec>>;
  /** Refusals of its own, beside those that every operation has. */
  problems: readonly ProblemCode[];
  idempotent: Idempotent | null;
  /** null: it is never refused for the number of requests. */
  rateLimit: RateLimited | null;
  ifMatch: boolean;
  /** Whether its answer also says which holes it opened in the coverage. */
  tellsGaps: boolean;
}

type Given = 'id' | 'method' | 'path' | 'tag' | 'summary' | 'access' | 'responses';

const nothing = lazy(() => z.strictObject({}));

export function operation<P = Record<never, never>, Q = Record<never, never>, B = undefined>(
  spec: Pick<Operation, Given> & Partial<Omit<Operation<P, Q, B>, Given>>,
): Operation<P, Q, B> {
  return {
    description: null,
    params: nothing as unknown as Schema<P>,
    query: nothing as unknown as Schema<Q>,
    body: null,
    bodyOptional: false,
    problems: [],
    idempotent: null,
    rateLimit: spec.access === 'open' ? null : 'requests',
    ifMatch: false,
    tellsGaps: false,
    ...spec,
    responses: spec.tellsGaps ? withGaps(spec.responses) : spec.responses,
  };
}

/** What says nothing else says the holes, if it opened any, with 200. */
function withGaps(responses: Operation['responses']): Operation['responses'] {
  const told = (shape: () => z.ZodRawShape) => lazy(() => z.object({ ...shape(), ...openedGaps() }));
  const bodies = Object.entries(responses).map(([status, spec]): [string, ResponseSpec] => {
    const { body } = spec;
    if (body === null)
      return [
        '200',
        respond(
          'Done, and it opened holes.',
          told(() => ({})),
        ),
      ];
    return [status, { ...spec, body: told(() => (body() as z.ZodObject).shape) }];
  });
  return { ...responses, ...Object.fromEntries(bodies) };
}

const everybody: readonly Who[] = ['partner', ...staffRoles];

/** Who may do what, in one place. */
export const access = {
  anyKey: { who: everybody, scope: null },
  readTickets: { who: everybody, scope: 'tickets:read' },
  writeTickets: { who: everybody, scope: 'tickets:write' },
  readWebhooks: { who: everybody, scope: 'webhooks:read' },
  writeWebhooks: { who: everybody, scope: 'webhooks:write' },
  readDesk: { who: staffRoles, scope: 'desk:read' },
  actOnEmergencies: { who: staffRoles, scope: 'desk:write' },
  /** Schedules, policies and calendars: the desk plans its own work. */
  planWork: { who: staffRoles, scope: 'desk:write' },
  rotateKeys: { who: everybody, scope: 'keys:rotate' },
  administer: { who: ['admin'], scope: 'admin' },
} as const satisfies Record<string, Access>;

export function respond(
  description: string,
  body: Schema | null,
  headers: ResponseSpec['headers'] = [],
): ResponseSpec {
  return { description, body, headers };
}
