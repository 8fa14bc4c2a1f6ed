import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { expect } from 'vitest';
import { makeApi } from '../../../functions/api/api.ts';
import { Limits, type RateLimits } from '../../../functions/api/limits.ts';
import { catalogue } from '../../../shared/contract/events/catalogue.ts';
import { problemsOf } from '../../../shared/contract/openapi/document.ts';
import { operations } from '../../../shared/contract/operations/all.ts';
import { type ProblemCode, problems } from '../../../shared/contract/problems.ts';
import { problem } from '../../../shared/contract/schemas/problem.ts';
import type { EventType, Scope, StaffRole } from '../../../shared/contract/words.ts';
import { scopes } from '../../../shared/contract/words.ts';
import type { Staff } from '../../../shared/domain/directory.ts';
import { makeApiKey } from '../../../shared/runtime/api-key.ts';
import { systemRandom } from '../../../shared/runtime/random.ts';
import { createStore } from '../../../shared/store/index.ts';
import { localDynamoDb } from '../../fakes/dynamodb.ts';
import { injectFaults } from '../../fakes/dynamodb-faults.ts';
import { put } from '../../store/put.ts';
import { configure } from './configure.ts';

/** Monday, 22:10 in New York: closed since 20:00. */
export const mondayNight = '2026-01-06T03:10:00.000Z';
/** Tuesday, 10:00 in New York. */
export const tuesdayMorning = '2026-01-06T15:00:00.000Z';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body by looking into it.
  body: any;
}

interface Request {
  key?: string | null;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
  /** The body as it is, instead of `body`. */
  raw?: string | Buffer;
}

/** A desk over a fresh table: two partners, five people of the staff, the default calendar, policy and plan. */
export async function makeWorld(
  options: { configured?: boolean; limits?: RateLimits; sendsNothing?: boolean } = {},
) {
  const dynamo = await localDynamoDb();
  const time = { now: mondayNight };
  const clock = { now: () => time.now };
  const table = await dynamo.createTable();
  const client = dynamo.client();
  const sent: string[] = [];
  client.middlewareStack.add(
    (next, context) => (args) => {
      sent.push(String(context.commandName).replace('Command', ''));
      return next(args);
    },
    { step: 'initialize' },
  );
  const faults = injectFaults(client);
  const store = createStore({ table, client, random: systemRandom, clock });
  const logged: unknown[] = [];
  const log = (message: string, fields?: object) => void logged.push({ message, ...fields });
  const api = makeApi({
    store,
    clock,
    random: systemRandom,
    publicUrl: 'https://desk.example',
    // Nobody makes the attempt here: whoever does not test for that need not wait for it.
    ...(options.sendsNothing && { testSeconds: 0 }),
    webhookLocalOrigin: options.sendsNothing ? 'http://localhost:9' : 'http://localhost:4000',
    log: { info: log, warn: log, error: log },
    limits: new Limits(options.limits ?? { requests: 1_000_000, tickets: 1_000_000 }),
    resolve: async (host) => [
      {
        address: host === 'inside.example' || options.sendsNothing ? '10.0.0.7' : '93.184.216.34',
        family: 4,
      },
    ],
  });

  async function call(method: string, path: string, request: Request = {}): Promise<Reply> {
    const { key = keys.partner, query, headers = {}, body, raw } = request;
    const bytes = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const event = {
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString: new URLSearchParams(query).toString(),
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(bytes === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(query ? { queryStringParameters: query } : {}),
      ...(bytes === undefined ? {} : { body: Buffer.from(bytes).toString('base64') }),
      isBase64Encoded: bytes !== undefined,
      requestContext: {
        requestId: `req-${Math.random().toString(36).slice(2)}`,
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
      },
    } as unknown as APIGatewayProxyEventV2;
    const answer = await api(event);
    const text = answer.body ?? '';
    const reply: Reply = {
      status: answer.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(answer.headers ?? {}).map(([name, value]) => [name, String(value)]),
      ),
      text,
      body: text === '' || /^text\//.test(String(answer.headers?.['content-type'])) ? null : JSON.parse(text),
    };
    asDocumented(method, path, reply);
    expect(reply.headers['x-request-id']).toBe(event.requestContext.requestId);
    return reply;
  }

  async function keyFor(owner: { partner?: string; staff?: string }, given: readonly Scope[] = scopes) {
    const { key, record } = makeApiKey(systemRandom, {
      partner: owner.partner ?? null,
      staff: owner.staff ?? null,
      scopes: [...given],
      createdAt: time.now,
      expiresAt: null,
    });
    await store.keys.put(record);
    return { key, record };
  }

  async function hire(name: string, role: StaffRole, phone: string | null): Promise<Staff> {
    const member: Staff = {
      id: `stf_${name}`,
      name,
      role,
      phone,
      phoneVerifiedAt: phone && time.now,
      email: `${name}@desk.example`,
      timezone: 'America/New_York',
      suspended: false,
      createdAt: time.now,
    };
    await store.directory.putStaff(member, { create: true });
    return member;
  }

  const { directory } = store;
  const joined = { plan: 'default', createdAt: time.now };
  const configured = options.configured === false ? [] : configure(directory);
  const partnerScopes: Scope[] = ['tickets:read', 'tickets:write', 'webhooks:read', 'webhooks:write'];
  const keyOf = async (owner: { partner?: string; staff?: string }, given?: Scope[]) =>
    (await keyFor(owner, given)).key;
  const [staff, keys] = await Promise.all([
    all({
      dana: hire('dana', 'engineer', '+12025550101'),
      sam: hire('sam', 'engineer', '+12025550102'),
      kim: hire('kim', 'agent', '+12025550103'),
      mo: hire('mo', 'manager', '+12025550104'),
      ada: hire('ada', 'admin', null),
    }),
    all({
      partner: keyOf({ partner: 'ptn_acme' }, partnerScopes),
      other: keyOf({ partner: 'ptn_other' }, partnerScopes),
      dana: keyOf({ staff: 'stf_dana' }),
      sam: keyOf({ staff: 'stf_sam' }),
      kim: keyOf({ staff: 'stf_kim' }),
      mo: keyOf({ staff: 'stf_mo' }),
      ada: keyOf({ staff: 'stf_ada' }),
    }),
    put(directory, 'partner', { id: 'ptn_acme', name: 'Acme MSP', ...joined }),
    put(directory, 'partner', { id: 'ptn_other', name: 'Other MSP', ...joined }),
    ...configured,
  ]);

  return {
    time,
    store,
    staff,
    keys,
    keyFor,
    sent,
    faults,
    logged,
    call,
    get: (path: string, request?: Request) => call('GET', path, request),
    post: (path: string, body: unknown, request?: Request) => call('POST', path, { ...request, body }),
    put: (path: string, body: unknown, request?: Request) => call('PUT', path, { ...request, body }),
    patch: (path: string, body: unknown, request?: Request) => call('PATCH', path, { ...request, body }),
    del: (path: string, request?: Request) => call('DELETE', path, request),
    /** A ticket of acme's, opened now. */
    async open(more: object = {}): Promise<string> {
      const made = await call('POST', '/v1/tickets', { body: { ...ticketBody, ...more } });
      expect(made.status).toBe(201);
      return made.body.number;
    },
  };
}

/** The values of a record of promises, each under its name. */
async function all<K extends string, V>(promises: Record<K, Promise<V>>): Promise<Record<K, V>> {
  const entries = Object.entries<Promise<V>>(promises).map(async ([name, value]) => [name, await value]);
  return Object.fromEntries(await Promise.all(entries));
}

export type World = Awaited<ReturnType<typeof makeWorld>>;

export const ticketBody = {
  subject: 'Mail to contoso.example is not delivered',
  description: 'Since 21:50 nothing arrives.',
  requester: {
    name: 'Kim Lee',
    email: 'kim@acme.example',
    phone: '+1 202 555 0147',
    timezone: 'Europe/Berlin',
  },
};

export const pressBody = { reason: 'mail_not_delivered', callback: { name: 'Kim', phone: '+12025550147' } };

/** Every answer of every test is what the contract says of its operation. */
function asDocumented(method: string, path: string, { status, headers, body }: Reply): void {
  if (method === 'HEAD' || (method === 'OPTIONS' && status === 204)) {
    expect(body).toBeNull();
    return;
  }
  const operation = operations.find((one) => one.method === method && matcher(one.path).test(path));
  if (status >= 400) {
    expect(headers['content-type']).toBe('application/problem+json');
    expect(problem().safeParse(body).error?.issues).toBeUndefined();
    const code = body.code as ProblemCode;
    expect(problems[code]).toMatchObject({ status, title: body.title });
    expect('retryAfter' in problems[code]).toBe(headers['retry-after'] !== undefined);
    expect(code, JSON.stringify(body)).not.toBe('internal');
    if (operation) expect(problemsOf(operation)).toContain(code);
    return;
  }
  if (!operation && status === 302 && headers.location?.startsWith('/docs')) return;
  const spec = operation?.responses[status];
  expect(spec, `${method} ${path} answered ${status}`).toBeDefined();
  if (spec?.also && headers['content-type']?.startsWith(spec.also)) expect(body).toBeNull();
  else if (spec?.body) expect(spec.body().safeParse(body).error?.issues).toBeUndefined();
  else expect(body).toBeNull();
  if (operation?.id === 'listTicketEvents') for (const event of body.data) asCatalogued(event);
  for (const header of spec?.headers ?? []) expect(headers[header.toLowerCase()]).toBeDefined();
}

/** An event's data is what the catalogue says of its type, all of it and nothing else. */
function asCatalogued({ type, data }: { type: EventType; data: unknown }): void {
  if (data !== null) expect(catalogue[type].data().parse(data), type).toEqual(data);
}

function matcher(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);
}
