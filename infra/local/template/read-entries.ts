import { CannotStart } from '../words.ts';
import type { ApiPlan, FunctionPlan, SchedulePlan } from './plan.ts';
import { demandPermission, functionNamed } from './read-functions.ts';
import type { ResourceSet } from './read-plan.ts';

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

/** The HTTP API: one `$default` route to one function. */
export function readApi(template: ResourceSet, functions: readonly FunctionPlan[]): ApiPlan | null {
  const [api, second] = template.of('AWS::ApiGatewayV2::Api');
  if (!api) return null;
  const routes = template.of('AWS::ApiGatewayV2::Route');
  const [route] = routes;
  const stage = template.of('AWS::ApiGatewayV2::Stage')[0];
  if (second || api.properties.ProtocolType !== 'HTTP')
    throw new CannotStart('The local cloud plays one HTTP API.');
  if (!route || routes.length > 1 || route.properties.RouteKey !== '$default') {
    throw new CannotStart('The local cloud plays an HTTP API with one route, $default.');
  }
  if ((route.properties.AuthorizationType ?? 'NONE') !== 'NONE') {
    throw new CannotStart('The local cloud plays no authorizer of the HTTP API.');
  }
  if (stage?.properties.StageName !== '$default')
    throw new CannotStart('The HTTP API has no stage $default.');
  const integration = template
    .of('AWS::ApiGatewayV2::Integration')
    .find(({ name }) => route.properties.Target === `integrations/${name}`);
  if (!integration) throw new CannotStart(`Route ${route.id} targets no integration of the template.`);
  const { IntegrationType, PayloadFormatVersion, IntegrationUri, TimeoutInMillis } = integration.properties;
  if (IntegrationType !== 'AWS_PROXY' || PayloadFormatVersion !== '2.0') {
    throw new CannotStart('The local cloud plays AWS_PROXY integrations with payload format 2.0.');
  }
  const fn = functionNamed(functions, IntegrationUri, `Integration ${integration.id}`);
  const called = `arn:aws:execute-api:us-east-1:000000000000:${api.name}/$default/$default`;
  demandPermission(template, fn.name, 'apigateway.amazonaws.com', called);
  const { ThrottlingRateLimit, ThrottlingBurstLimit } = (stage.properties.DefaultRouteSettings ?? {}) as {
    ThrottlingRateLimit?: number;
    ThrottlingBurstLimit?: number;
  };
  return {
    apiId: api.name,
    functionName: fn.name,
    timeoutMs: Number(TimeoutInMillis ?? 30_000),
    rate: ThrottlingRateLimit ?? 10_000,
    burst: ThrottlingBurstLimit ?? 5_000,
  };
}
