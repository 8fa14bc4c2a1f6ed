import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock/clock.ts';
import type { ApiPlan, RoutePlan, ThrottlePlan } from '../template/plan.ts';
import type { FunctionPool } from '../worker/pool.ts';
import { readBody } from './body.ts';
import { preflight, withCors } from './cors.ts';

const megabyte = 1024 * 1024;
const mostBodyBytes = 10 * megabyte;
const mostHeaderBytes = 10_240;
const mostAnswerBytes = 6 * megabyte;

/** What these carry reaches the function as text; everything else in base64. */
const textual = /^(text\/.*|application\/(json|javascript|xml))$/;

/** A request's route, and what stands for its `{…}` in the path. */
interface Routed {
  readonly route: RoutePlan;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The HTTP API: turns requests into events of payload format 2.0 for the function of their route, and answers back. */
export class Gateway {
  private readonly plan: ApiPlan;
  private readonly poolOf: (functionName: string) => FunctionPool;
  private readonly clock: Clock;
  /** That of the stage, and those that routes have of their own. */
  private readonly buckets = new Map<ThrottlePlan, { tokens: number; filledAt: number }>();

  constructor(plan: ApiPlan, poolOf: (functionName: string) => FunctionPool, clock: Clock) {
    this.plan = plan;
    this.poolOf = poolOf;
    this.clock = clock;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const { cors } = this.plan;
    const refuse = (status: number, message: string) => {
      const headers = { 'content-type': 'application/json', 'apigw-requestid': requestId };
      response.writeHead(status, withCors(cors, request, headers)).end(JSON.stringify({ message }));
    };
    const allowed = preflight(cors, request);
    if (allowed) {
      response.writeHead(204, { ...allowed, 'apigw-requestid': requestId }).end();
      return;
    }
    const body = await readBody(request, mostBodyBytes);
    if (body === null) return refuse(413, 'Request Entity Too Large');
    if (request.rawHeaders.join('').length > mostHeaderBytes)
      return refuse(431, 'Request Header Fields Too Large');
    const routed = this.routed(request);
    if (!routed) return refuse(404, 'Not Found');
    if (!this.admit(routed.route.throttle ?? this.plan.throttle)) return refuse(429, 'Too Many Requests');
    const { functionName, timeoutMs } = routed.route;
    const event = JSON.stringify(this.event(request, body, requestId, routed));
    const timer = { id: undefined as NodeJS.Timeout | undefined };
    const tooLong = new Promise<null>((resolve) => {
      timer.id = setTimeout(() => resolve(null), timeoutMs);
    });
    const outcome = await Promise.race([this.poolOf(functionName).invoke(event), tooLong]);
    clearTimeout(timer.id);
    if (outcome === null) return refuse(503, 'Service Unavailable');
    if (!outcome.ok || outcome.payload.length > mostAnswerBytes) return refuse(500, 'Internal Server Error');
    const answer = asAnswer(JSON.parse(outcome.payload));
    if (!answer) return refuse(500, 'Internal Server Error');
    const headers = { ...answer.headers, 'apigw-requestid': requestId };
    response.writeHead(answer.status, withCors(cors, request, headers));
    response.end(answer.body);
  }

  private admit(throttle: ThrottlePlan): boolean {
    const now = performance.now();
    const { rate, burst } = throttle;
    const bucket = this.buckets.get(throttle) ?? { tokens: burst, filledAt: now };
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / 1000) * rate);
    const admitted = tokens >= 1;
    this.buckets.set(throttle, { tokens: admitted ? tokens - 1 : tokens, filledAt: now });
    return admitted;
  }

  private routed({ method, url = '/' }: IncomingMessage): Routed | null {
    const given = (url.split('?', 1)[0] ?? '').split('/');
    for (const route of this.plan.routes) {
      const parameters = route.method && route.method !== method ? null : matched(route.segments, given);
      if (parameters) return { route, parameters };
    }
    return null;
  }

  private event(request: IncomingMessage, body: Buffer, requestId: string, { route, parameters }: Routed) {
    const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
    const now = new Date(this.clock.now());
    const { cookie, ...headers } = request.headers;
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    const isText = textual.test(type);
    const query = [...new URLSearchParams(rawQueryString)];
    return {
      version: '2.0',
      routeKey: route.key,
      rawPath,
      rawQueryString,
      ...(cookie && { cookies: cookie.split('; ') }),
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(',') : value,
        ]),
      ),
      ...(query.length > 0 && { queryStringParameters: joined(query) }),
      ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
      requestContext: {
        accountId: '000000000000',
        apiId: this.plan.apiId,
        domainName: request.headers.host ?? 'localhost',
        domainPrefix: this.plan.apiId,
        http: {
          method: request.method,
          path: rawPath,
          protocol: `HTTP/${request.httpVersion}`,
          sourceIp: (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, ''),
          userAgent: request.headers['user-agent'] ?? '',
        },
        requestId,
        routeKey: route.key,
        stage: '$default',
        time: commonLogTime(now),
        timeEpoch: now.getTime(),
      },
      ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
      isBase64Encoded: body.length > 0 && !isText,
    };
  }
}

/** What stands for each `{name}` of the template, decoded; null when the path is another one. */
function matched(
  segments: readonly string[] | null,
  given: readonly string[],
): Record<string, string> | null {
  if (!segments) return {};
  if (segments.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [n, wanted] of segments.entries()) {
    const part = given[n] ?? '';
    if (wanted.startsWith('{')) {
      if (part === '') return null;
      parameters[wanted.slice(1, -1)] = decoded(part);
    } else if (wanted !== part) return null;
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A parameter that is given several times has its values joined by commas. */
function joined(query: readonly (readonly [string, string])[]): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of query) all[name] = name in all ? `${all[name]},${value}` : value;
  return all;
}

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(at.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: string | Buffer;
}

/** What a function answered, read as API Gateway reads it; null if it cannot be. */
function asAnswer(payload: unknown): Answer | null {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) {
    // Format 2.0 takes anything else for the body of a 200.
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const { statusCode, headers, body, isBase64Encoded, cookies } = payload as {
    statusCode: unknown;
    headers?: Record<string, string | number | boolean>;
    body?: unknown;
    isBase64Encoded?: boolean;
    cookies?: string[];
  };
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return null;
  if (body !== undefined && body !== null && typeof body !== 'string') return null;
  const named = Object.entries(headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), String(value)] as const,
  );
  return {
    status,
    headers: {
      // API Gateway sends plain text unless told otherwise.
      ...(body && { 'content-type': 'text/plain;charset=UTF-8' }),
      ...Object.fromEntries(named),
      ...(cookies?.length && { 'set-cookie': cookies }),
    },
    body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
  };
}
