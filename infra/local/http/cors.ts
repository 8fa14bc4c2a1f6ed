import type { IncomingHttpHeaders } from 'node:http';
import type { CorsPlan } from '../template/plan.ts';

/**
 * Cross-origin requests as an HTTP API with a CORS configuration answers them: it answers preflights by itself,
 * whatever its routes are, and on all other answers its own headers stand in the place of the function's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export interface Asked {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** The headers of the answer to a preflight; null when it is none, and goes on to its route. */
export function preflight(plan: CorsPlan | null, { method, headers }: Asked): Record<string, string> | null {
  const asks = headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
  if (plan === null || method !== 'OPTIONS' || !asks) return null;
  const origin = allowed(plan, headers);
  if (origin === null) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': plan.methods.join(','),
    'access-control-allow-headers': plan.headers.join(','),
    'access-control-max-age': String(plan.maxAgeSeconds),
  };
}

/** An answer's headers as they leave API Gateway. */
export function withCors<T>(
  plan: CorsPlan | null,
  { headers: asked }: Asked,
  headers: Readonly<Record<string, T>>,
): Record<string, T | string> {
  if (plan === null) return { ...headers };
  const own = Object.entries(headers).filter(([name]) => !name.startsWith('access-control-'));
  const origin = allowed(plan, asked);
  return {
    ...Object.fromEntries(own),
    ...(origin !== null && {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': plan.exposed.join(','),
    }),
  };
}

function allowed({ origins }: CorsPlan, { origin }: IncomingHttpHeaders): string | null {
  return origin !== undefined && origins.includes(origin) ? origin : null;
}
