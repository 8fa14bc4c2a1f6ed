import middy, { type MiddlewareObj } from '@middy/core';
import httpRouter from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type Answer, type HttpEvent, pathFits } from '../../shared/runtime/http.ts';
import { described } from '../../shared/runtime/logging.ts';
import type { About, ConsoleDesk, Request, Route } from './route.ts';
import { routes } from './routes.ts';
import { brokenScreen, methodScreen, nothingHereScreen } from './screens/errors.ts';

type Event = APIGatewayProxyEventV2 & { about: About & { began: number } };
type Middleware = MiddlewareObj<Event, APIGatewayProxyStructuredResultV2>;

export type Console = (
  event: APIGatewayProxyEventV2,
  context?: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * What people, and their calendars, open without an API key, as a Lambda handler: each path holds the secret
 * that admits to it. Whatever goes wrong is said in words on a screen.
 */
export function makeConsole(desk: ConsoleDesk): Console {
  const router = httpRouter<Event, APIGatewayProxyStructuredResultV2>({
    routes: routes.flatMap((route) => handlersOf(route, desk)),
    notFoundResponse: ({ path }) => toGateway(refused(path)),
  });
  return middy<Event, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .use(observed(desk))
    .handler(router) as unknown as Console;
}

function handlersOf({ path, screen, methods }: Route, desk: ConsoleDesk) {
  const handler = (answer: (request: Request) => Promise<Answer>) => async (event: Event) => {
    const { about } = event;
    about.screen = screen;
    const params = event.pathParameters ?? {};
    return toGateway(await answer({ params, event: event as HttpEvent, desk, now: desk.clock.now(), about }));
  };
  const { GET, POST } = methods;
  const headOf = (get: NonNullable<typeof GET>) => async (request: Request) => ({
    ...(await get(request)),
    body: '',
  });
  return [
    ...(GET ? [{ method: 'GET' as const, path, handler: handler(GET) }] : []),
    ...(GET ? [{ method: 'HEAD' as const, path, handler: handler(headOf(GET)) }] : []),
    ...(POST ? [{ method: 'POST' as const, path, handler: handler(POST) }] : []),
  ];
}

/** No cache and no search engine keeps what a secret admits to. */
function toGateway({ status, headers, body }: Answer): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow',
      ...headers,
    },
    body,
  };
}

/** The request id on each answer, a screen for what nobody foresaw, and one line about each request. */
function observed({ log }: ConsoleDesk): Middleware {
  const finish = ({
    event,
    response,
  }: Pick<Parameters<NonNullable<Middleware['after']>>[0], 'event' | 'response'>) => {
    const { requestId, http } = event.requestContext;
    if (response) response.headers = { ...response.headers, 'x-request-id': requestId };
    const { began, ...about } = event.about;
    const ms = Math.round(performance.now() - began);
    log.info('answered', { ...about, requestId, method: http.method, status: response?.statusCode, ms });
  };
  return {
    before: ({ event }) => {
      event.about = { screen: null, ticket: null, began: performance.now() };
    },
    after: finish,
    onError: (request) => {
      const { requestId } = request.event.requestContext;
      log.error('failed', { requestId, ...described(request.error) });
      request.response = toGateway(brokenScreen(requestId));
      finish(request);
    },
  };
}

function refused(path: string): Answer {
  const route = routes.find((each) => pathFits(each.path, path));
  if (!route) return nothingHereScreen();
  const { GET, POST } = route.methods;
  return methodScreen([...(GET ? ['GET', 'HEAD'] : []), ...(POST ? ['POST'] : [])]);
}
