import middy, { type MiddlewareObj } from '@middy/core';
import httpRouter from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Operation } from '../../shared/contract/operation.ts';
import { problems } from '../../shared/contract/problems.ts';
import {
  type Answer,
  empty,
  type HttpEvent,
  pathFits,
  problemAnswer,
  Refusal,
} from '../../shared/runtime/http.ts';
import { described } from '../../shared/runtime/logging.ts';
import { isBusy } from '../../shared/store/busy.ts';
import { Conflict } from '../../shared/store/conflict.ts';
import { BadCursor } from '../../shared/store/cursor.ts';
import type { About } from './call.ts';
import type { Desk } from './desk.ts';
import { routes } from './routes/all.ts';

/** What callers may have read of, and what comes with a later version. */
const later = /^\/v1\/(clients|intake-forms|diagnostics|console-sessions|tickets\/[^/]+\/attachments)(\/|$)/;
const notYet = 'This version does not have it yet.';

/** What has a slash too many for the routes of the documentation, and the address of the desk itself. */
const towardsDocs = /^\/(docs\/([\w/-]*\/)?)?$/;
const isRead = (method: string) => method === 'GET' || method === 'HEAD';

type Event = APIGatewayProxyEventV2 & { about: About & { began: number } };
type Middleware = MiddlewareObj<Event, APIGatewayProxyStructuredResultV2>;

export type Api = (
  event: APIGatewayProxyEventV2,
  context?: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** The REST API as a Lambda handler: every answer, also that of a failure, has its request id and is logged once. */
export function makeApi(desk: Desk): Api {
  const router = httpRouter<Event, APIGatewayProxyStructuredResultV2>({
    routes: routes.flatMap(({ operation, answer }) =>
      methodsOf(operation).map((method) => ({
        method,
        path: operation.path,
        handler: async (event: Event) => {
          event.about.operation = operation.id;
          return toGateway(await answer(event as HttpEvent, desk, event.about));
        },
      })),
    ),
    notFoundResponse: ({ method, path }) => {
      if (isRead(method) && towardsDocs.test(path)) {
        return toGateway(empty(302, { location: path === '/' ? '/docs' : path.slice(0, -1) }));
      }
      const allow = allowedAt(path);
      if (allow === null)
        throw new Refusal('not_found', later.test(path) ? notYet : `${problems.not_found.title}.`);
      if (method === 'OPTIONS') return toGateway(empty(204, { allow }));
      throw notOffered(method, allow);
    },
  });
  return middy<Event, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(observed(desk))
    .use(refusals(desk))
    .handler(router) as unknown as Api;
}

function toGateway({ status, headers, body }: Answer): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: { ...headers, 'cache-control': 'no-store' }, body };
}

/** The request id on each answer, and one line about each request. */
function observed({ log }: Desk): Middleware {
  const finish: NonNullable<Middleware['after']> = ({ event, response }) => {
    const { requestId, http } = event.requestContext;
    if (response) {
      response.headers = { ...response.headers, ...event.about.headers, 'x-request-id': requestId };
      if (http.method === 'HEAD') response.body = '';
    }
    const { began, headers: _sent, ...about } = event.about;
    const ms = Math.round(performance.now() - began);
    log.info('answered', { ...about, requestId, method: http.method, status: response?.statusCode, ms });
  };
  return {
    before: ({ event }) => {
      const nothing = { operation: null, key: null, partner: null, ticket: null, headers: {} };
      event.about = { ...nothing, began: performance.now() };
    },
    after: finish,
    onError: finish,
  };
}

/** Every refusal as problem+json; what nobody foresaw is logged whole and answered with its request id alone. */
function refusals({ log, publicUrl }: Desk): Middleware {
  return {
    onError: (request) => {
      const { requestId } = request.event.requestContext;
      const refusal = refusalOf(request.error);
      const { code } = refusal;
      if (code === 'internal' || code === 'busy')
        log.error('failed', { requestId, ...described(request.error) });
      request.response = toGateway(problemAnswer(refusal, { requestId, publicUrl }));
    },
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof BadCursor) {
    return new Refusal('bad_cursor', 'This cursor belongs to another list or filter: start without one.');
  }
  if (error instanceof Conflict) {
    return new Refusal('conflict', 'Somebody else kept changing this at the same time. Try again.');
  }
  if (isBusy(error)) {
    return new Refusal(
      'busy',
      'Our storage is busy. Send it again, with the same Idempotency-Key if it had one.',
    );
  }
  return new Refusal('internal', 'This is our fault. If it stays, tell us the requestId.');
}

/** What can be read can be asked for without its body. */
function methodsOf({ method }: Operation): (Operation['method'] | 'HEAD')[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

/** The methods that a path takes; null when there is no such path. */
function allowedAt(path: string): string | null {
  const methods = routes
    .filter(({ operation }) => pathFits(operation.path, path))
    .flatMap(({ operation }) => methodsOf(operation));
  return methods.length === 0 ? null : [...new Set([...methods, 'OPTIONS'])].sort().join(', ');
}

function notOffered(method: string, allow: string): Refusal {
  const detail = `${method.slice(0, 16)} is not offered here, only ${allow}.`;
  return new Refusal('method_not_allowed', detail, { headers: { allow } });
}
