import type { IncomingMessage, ServerResponse } from 'node:http';
import { DateTime, Duration } from 'luxon';
import type { PhoneState } from '../carrier/carrier.ts';
import type { Cloud } from '../cloud.ts';
import type { FaultSpec } from '../faults.ts';
import type { HookAnswer } from '../hooks.ts';
import { Refusal } from '../words.ts';
import { readBody } from './body.ts';
import { page } from './page.ts';

/** What the control API can reach beside the cloud. */
export interface ControlOptions {
  readonly cloud: Cloud;
  /** What the seed made, once it has. */
  demo(): unknown;
}

interface Call {
  readonly parameters: readonly string[];
  readonly query: URLSearchParams;
  /** The body as JSON. */
  json<T>(): T;
  readonly text: string;
  readonly request: IncomingMessage;
}

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

type Route = readonly [method: string, path: RegExp, handle: (call: Call) => Reply | Promise<Reply>];

/** The control API under `/local`: clock, phones, mailboxes, webhook receiver, faults. */
export class ControlApi {
  private readonly routes: readonly Route[];

  constructor(options: ControlOptions) {
    this.routes = routesOf(options);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await this.reply(request);
      const { status = 200, headers = {} } = reply;
      if (reply.html !== undefined) {
        response
          .writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers })
          .end(reply.html);
      } else if (reply.body === undefined) {
        response.writeHead(status, headers).end();
      } else {
        response
          .writeHead(status, { 'content-type': 'application/json', ...headers })
          .end(JSON.stringify(reply.body));
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const body = { type: 'about:blank', title: 'The local cloud cannot do this', status: error.status };
      response.writeHead(error.status, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ ...body, detail: error.message }));
    }
  }

  private async reply(request: IncomingMessage): Promise<Reply> {
    refuseForeign(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const matching = this.routes.filter(([, path]) => path.test(url.pathname));
    if (matching.length === 0)
      throw new Refusal(404, `There is nothing at ${url.pathname}. GET /local is a page to play with.`);
    const route = matching.find(([method]) => method === request.method);
    if (!route)
      throw new Refusal(405, `${url.pathname} takes ${matching.map(([method]) => method).join(', ')}.`);
    const body = await readBody(request, 32 * 1024 * 1024);
    if (body === null) throw new Refusal(413, 'The body is larger than 32 MB.');
    const text = body.toString('utf8');
    return route[2]({
      parameters: (route[1].exec(url.pathname) ?? []).slice(1).map(decodeURIComponent),
      query: url.searchParams,
      text,
      request,
      json: () => parse(text),
    });
  }
}

function parse<T>(text: string): T {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null) throw new Refusal(400, 'The body is not a JSON object.');
  return parsed as T;
}

/** A page of the internet must not play with this through somebody's browser, under whatever name it found it. */
function refuseForeign(request: IncomingMessage): void {
  const own = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;
  const { host = '', origin } = request.headers;
  if (!own.test(host)) throw new Refusal(403, '/local answers to localhost only.');
  if (origin !== undefined && origin !== `http://${host}`)
    throw new Refusal(403, '/local does not answer to other sites.');
}

function routesOf({ cloud, demo }: ControlOptions): Route[] {
  const { carrier, mailboxes, hooks, faults, logs } = cloud.parts;
  const now = () => ({ body: { now: new Date(cloud.now()).toISOString() } });
  const list = (data: unknown) => ({ body: { data } });
  const later = (what: string) => () => {
    throw new Refusal(501, `${what} is not part of the local cloud yet.`);
  };
  return [
    ['GET', /^\/local\/?$/, () => ({ html: page })],
    ['GET', /^\/local\/clock$/, now],
    [
      'POST',
      /^\/local\/clock$/,
      async ({ json }) => {
        await cloud.move(targetOf(json<{ set?: unknown; advance?: unknown }>()));
        return now();
      },
    ],
    [
      'POST',
      /^\/local\/settle$/,
      async () => {
        await cloud.settle();
        return now();
      },
    ],
    ['GET', /^\/local\/sms$/, ({ query }) => list(carrier.delivered(phoneIn(query.get('to'))))],
    [
      'POST',
      /^\/local\/sms$/,
      ({ json }) => {
        const { from, body } = json<{ from?: unknown; body?: unknown }>();
        if (typeof from !== 'string' || typeof body !== 'string')
          throw new Refusal(422, 'Give from and body.');
        return { status: 202, body: cloud.text(from, body) };
      },
    ],
    [
      'PUT',
      /^\/local\/phones\/([^/]+)$/,
      ({ parameters: [phone = ''], json }) => {
        const { optedOut, failing } = json<PhoneState>();
        const state = { ...(optedOut && { optedOut: true }), ...(failing && { failing: String(failing) }) };
        carrier.setPhone(phone, state);
        return { body: state };
      },
    ],
    ['GET', /^\/local\/mail$/, ({ query }) => list(mailboxes.delivered(query.get('to')))],
    ['POST', /^\/local\/mail$/, later('Mail that comes in')],
    ['GET', /^\/local\/dns$/, later('DNS')],
    ['PUT', /^\/local\/dns$/, later('DNS')],
    ['GET', /^\/local\/hooks\/([^/]+)$/, ({ parameters: [name = ''] }) => list(hooks.received(name))],
    [
      'PUT',
      /^\/local\/hooks\/([^/]+)$/,
      ({ parameters: [name = ''], json }) => {
        const answer = json<HookAnswer>();
        hooks.setAnswer(name, answer);
        return { body: answer };
      },
    ],
    [
      'POST',
      /^\/local\/hooks\/([^/]+)$/,
      async ({ parameters: [name = ''], request, text }) => {
        const headers = Object.entries(request.headers).map(([key, value]) => [key, String(value)]);
        const {
          status = 200,
          delayMs = 0,
          headers: own = {},
        } = hooks.receive(name, Object.fromEntries(headers), text);
        if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
        return { status, headers: own };
      },
    ],
    [
      'POST',
      /^\/local\/faults$/,
      ({ json }) => {
        const spec = json<FaultSpec>();
        faults.add(spec);
        return { status: 201, body: spec };
      },
    ],
    [
      'DELETE',
      /^\/local\/faults$/,
      () => {
        faults.clear();
        return { status: 204 };
      },
    ],
    ['GET', /^\/local\/dead-letters$/, () => list(cloud.deadLetters())],
    ['GET', /^\/local\/logs$/, ({ query }) => list(logs.latest(query.get('function')))],
    [
      'POST',
      /^\/local\/functions\/([^/]+)$/,
      async ({ parameters: [name = ''], json }) => {
        const outcome = await cloud.invoke(name, json());
        if (!outcome.ok) throw new Refusal(502, `${outcome.error.errorType}: ${outcome.error.errorMessage}`);
        return { body: JSON.parse(outcome.payload) };
      },
    ],
    [
      'GET',
      /^\/local\/demo$/,
      () => {
        const made = demo();
        if (!made) throw new Refusal(404, 'There is no demo provider here.');
        return { body: made };
      },
    ],
  ];
}

/** In a query an unescaped + has become a space. */
const phoneIn = (to: string | null) => to?.replace(/^ /, '+');

function targetOf({ set, advance }: { set?: unknown; advance?: unknown }): (now: number) => number {
  if (typeof set === 'string') {
    const instant = DateTime.fromISO(set, { setZone: true });
    if (!instant.isValid)
      throw new Refusal(422, `set is an instant such as 2026-01-05T22:10:00-05:00, not ${set}.`);
    return () => instant.toMillis();
  }
  if (typeof advance === 'string') {
    const duration = Duration.fromISO(advance);
    if (!duration.isValid) throw new Refusal(422, `advance is a duration such as PT5M, not ${advance}.`);
    return (now) => DateTime.fromMillis(now, { zone: 'utc' }).plus(duration).toMillis();
  }
  throw new Refusal(422, 'Give set (an instant) or advance (a duration).');
}
