import { CannotStart } from '../words.ts';
import type { ApiPlan, CorsPlan, FunctionPlan, RoutePlan, SchedulePlan, ThrottlePlan } from './plan.ts';
import { demandPermission, functionNamed } from './read-functions.ts';
import type { ResourceSet } from './read-plan.ts';
import type { Resolved } from './resolve.ts';

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** What runs at a fixed rate. */
export function readSchedules(template: ResourceSet, functions: readonly FunctionPlan[]): SchedulePlan[] {
  return template.of('AWS::Events::Rule').flatMap(({ id, name, properties }) => {
    if (properties.State === 'DISABLED') return [];
    const [, count, unit = ''] =
      /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(properties.ScheduleExpression)) ?? [];
    const everyMs = Number(count) * (units[unit] ?? Number.NaN);
    if (!everyMs) throw new CannotStart(`Rule ${id}: the local cloud knows only rate(…) schedules.`);
    const ruleArn = `arn:aws:events:us-east-1:000000000000:rule/${name}`;
    return (properties.Targets as { Arn: string; Input?: unknown }[]).map(({ Arn }) => {
      const fn = functionNamed(functions, Arn, `Rule ${id}`);
      demandPermission(template, fn.name, 'events.amazonaws.com', ruleArn);
      return { ruleArn, ruleName: name, everyMs, functionName: fn.name };
    });
  });
}

/** The HTTP API: a `$default` route, and others beside it. */
export function readApi(template: ResourceSet, functions: readonly FunctionPlan[]): ApiPlan | null {
  const [api, second] = template.of('AWS::ApiGatewayV2::Api');
  if (!api) return null;
  const stage = template.of('AWS::ApiGatewayV2::Stage')[0];
  if (second || api.properties.ProtocolType !== 'HTTP')
    throw new CannotStart('The local cloud plays one HTTP API.');
  if (stage?.properties.StageName !== '$default')
    throw new CannotStart('The HTTP API has no stage $default.');
  const own = (stage.properties.RouteSettings ?? {}) as Record<string, unknown>;
  const routes = template.of('AWS::ApiGatewayV2::Route').map((route) => {
    const read = readRoute(route, api.name, template, functions);
    return { ...read, throttle: Object.hasOwn(own, read.key) ? readThrottle(own[read.key]) : null };
  });
  const nowhere = Object.keys(own).find((key) => !routes.some((route) => route.key === key));
  if (nowhere) throw new CannotStart(`RouteSettings has ${nowhere}, and there is no such route.`);
  if (!routes.some(({ key }) => key === '$default'))
    throw new CannotStart('The local cloud plays an HTTP API with a route $default.');
  return {
    apiId: api.name,
    cors: readCors(api.properties.CorsConfiguration),
    routes: routes.sort((one, other) => precision(other) - precision(one)),
    throttle: readThrottle(stage.properties.DefaultRouteSettings),
  };
}

/** What is left out is what AWS gives to an account. */
function readThrottle(settings: unknown): ThrottlePlan {
  const { ThrottlingRateLimit, ThrottlingBurstLimit, ...more } = (settings ?? {}) as {
    ThrottlingRateLimit?: number;
    ThrottlingBurstLimit?: number;
  };
  const [unknown] = Object.keys(more);
  if (unknown) throw new CannotStart(`The local cloud does not know ${unknown} of the stage's routes.`);
  return { rate: ThrottlingRateLimit ?? 10_000, burst: ThrottlingBurstLimit ?? 5_000 };
}

function readCors(configured: unknown): CorsPlan | null {
  if (configured === undefined) return null;
  const { AllowOrigins, AllowMethods, AllowHeaders, ExposeHeaders, MaxAge, ...more } = configured as {
    AllowOrigins?: string[];
    AllowMethods?: string[];
    AllowHeaders?: string[];
    ExposeHeaders?: string[];
    MaxAge?: number;
  };
  const [unknown] = Object.keys(more);
  if (unknown) throw new CannotStart(`The local cloud does not know ${unknown} of CorsConfiguration.`);
  if ([AllowOrigins, AllowMethods, AllowHeaders].flat().some((allowed) => allowed?.includes('*')))
    throw new CannotStart('The local cloud knows no * in CorsConfiguration.');
  return {
    origins: AllowOrigins ?? [],
    methods: AllowMethods ?? [],
    headers: AllowHeaders ?? [],
    exposed: ExposeHeaders ?? [],
    maxAgeSeconds: MaxAge ?? 0,
  };
}

function readRoute(
  route: Resolved,
  apiName: string,
  template: ResourceSet,
  functions: readonly FunctionPlan[],
): Omit<RoutePlan, 'throttle'> {
  const key = String(route.properties.RouteKey);
  const [, method = '', path = ''] = /^([A-Z]+) (\/(?:[^{}]|\{\w+\})*)$/.exec(key) ?? [];
  if (key !== '$default' && !path)
    throw new CannotStart(`Route ${route.id}: the local cloud does not know the key ${key}.`);
  if ((route.properties.AuthorizationType ?? 'NONE') !== 'NONE') {
    throw new CannotStart('The local cloud plays no authorizer of the HTTP API.');
  }
  const integration = template
    .of('AWS::ApiGatewayV2::Integration')
    .find(({ name }) => route.properties.Target === `integrations/${name}`);
  if (!integration) throw new CannotStart(`Route ${route.id} targets no integration of the template.`);
  const { IntegrationType, PayloadFormatVersion, IntegrationUri, TimeoutInMillis } = integration.properties;
  if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
    throw new CannotStart('The local cloud plays AWS_PROXY integrations with payload format 2.0.');
  }
  const fn = functionNamed(functions, IntegrationUri, `Integration ${integration.id}`);
  const called = key === '$default' ? key : `${method}${path}`;
  const arn = `arn:aws:execute-api:us-east-1:000000000000:${apiName}/$default/${called}`;
  demandPermission(template, fn.name, 'apigateway.amazonaws.com', arn);
  return {
    key,
    method: key === '$default' || method === 'ANY' ? null : method,
    segments: key === '$default' ? null : path.split('/'),
    functionName: fn.name,
    timeoutMs: Number(TimeoutInMillis ?? 30_000),
  };
}

/** API Gateway chooses a route with the method before one for any, and `$default` when nothing else matches. */
function precision({ method, segments }: RoutePlan): number {
  if (!segments) return -1;
  return segments.filter((segment) => !segment.startsWith('{')).length * 2 + (method ? 1 : 0);
}
