import { Duration, Lazy, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  CorsHttpMethod,
  type CorsPreflightOptions,
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FilterPattern, LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { operations } from '../../shared/contract/operations/all.ts';
import type { StageConfig } from '../config.ts';
import { DeskAlarm } from './desk-alarm.ts';
import { type DeskContext, named } from './desk-context.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { webhookEnvironment } from './webhooks.ts';

/** Opening a ticket and all of an emergency: what the limit of requests does not count. */
const urgent = operations.filter(({ access, rateLimit }) => access !== 'open' && rateLimit !== 'requests');

/**
 * A press, a take or the opening of a ticket that was answered 5xx, or was refused by API Gateway itself: then no
 * function had it.
 */
const emergencyFailed =
  '{ ($.status = "5*" || ($.status = "429" && $.functionMs = "-")) && ($.route = "POST /v1/tickets*" || $.route = "POST /v1/escalations/*" || $.route = "ANY /p/*") }';

/**
 * The HTTP API: its `$default` route goes to one function, so that an unknown path gets our own 404
 * (decisions/0001-one-default-route.md). What is urgent has routes beside it, to the same function, each with a throttle
 * of its own, which nobody's other requests can use up; so have the paths of the console. Answers that API Gateway makes itself (throttled, body over 10 MB,
 * function out of time) are the one exception to problem+json.
 */
export class DeskApi extends Construct {
  readonly fn: DeskFunction;
  readonly http: HttpApi;
  /** Where the desk is reached: as configured, else where API Gateway put it. */
  readonly publicUrl: string;
  readonly url: string;
  private readonly config: StageConfig;
  private readonly stage: HttpStage;
  /** By route key, as the stage takes them. */
  private readonly throttles: Record<string, object> = {};

  constructor(scope: Construct, id: string, { desk }: { desk: DeskContext }) {
    super(scope, id);
    const { config } = desk;
    this.config = config;

    this.http = new HttpApi(this, 'Http', {
      apiName: named(config, 'api'),
      createDefaultStage: false,
      ...(config.corsOrigins.length > 0 && { corsPreflight: cors(config.corsOrigins) }),
    });
    this.url = this.http.apiEndpoint;
    this.publicUrl = config.publicUrl ?? this.url;
    this.fn = new DeskFunction(this, 'Fn', {
      desk,
      name: 'api',
      description: 'The REST API.',
      // Under the 30 s of an HTTP API, so that its own answer is the one that is seen.
      timeout: Duration.seconds(20),
      environment: {
        PUBLIC_URL: this.publicUrl,
        REQUESTS_PER_MINUTE: String(config.rateLimits.requests),
        TICKETS_PER_MINUTE: String(config.rateLimits.tickets),
        ...webhookEnvironment(desk),
      },
    }).grantTable([...decides, 'UpdateItem', 'BatchGetItem'], ['lists', 'desk']);

    // The permission stays scoped to the route: unscoped, CDK writes a source ARN that `$default` does not match.
    const route = new HttpRoute(this, 'Route', {
      httpApi: this.http,
      routeKey: HttpRouteKey.DEFAULT,
      integration: new HttpLambdaIntegration('Api', this.fn.lambda),
    });
    Validations.of(route).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason: ownKeys,
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/nightdesk/${config.stage}/access`,
      retention: config.logRetentionDays satisfies RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.http,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: config.throttle.rate, burstLimit: config.throttle.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        // No path: that of an acknowledgement link holds its secret. The function logs the route under the
        // same request id.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            time: '$context.requestTimeEpoch',
            ip: '$context.identity.sourceIp',
            method: '$context.httpMethod',
            status: '$context.status',
            bytes: '$context.responseLength',
            totalMs: '$context.responseLatency',
            functionMs: '$context.integrationLatency',
            error: '$context.error.message',
            integrationError: '$context.integrationErrorMessage',
            // Its template: what stands for `{token}` is not in it.
            route: '$context.routeKey',
          }),
        ),
      },
    });
    this.stage = stage;
    const cfnStage = stage.node.defaultChild as CfnStage;
    cfnStage.routeSettings = Lazy.any({ produce: () => this.throttles });
    // One permission for all of these routes; one each would grow the function's policy with every operation.
    const integration = new HttpLambdaIntegration('Urgent', this.fn.lambda, {
      scopePermissionToRoute: false,
    });
    for (const { id, method, path } of urgent) {
      const key = HttpRouteKey.with(path, HttpMethod[method]);
      const route = new HttpRoute(this, `Route-${id}`, { httpApi: this.http, routeKey: key, integration });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: ownKeys });
      this.throttleApart(route, key);
    }
    new DeskAlarm(this, 'EmergencyFailed', {
      config,
      name: 'emergency-failed',
      metric: accessLog
        .addMetricFilter('EmergenciesFailed', {
          filterPattern: FilterPattern.literal(emergencyFailed),
          metricNamespace: 'Nightdesk',
          metricName: 'EmergencyRequestsFailed',
        })
        .metric({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      impact:
        'Somebody opened a ticket, pressed Escalate or answered a page, and got an error: an emergency may be known to nobody.',
      runbook: 'api',
    });
    new DeskAlarm(this, 'Errors', {
      config,
      name: 'api-errors',
      metric: stage.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 5,
      impact: 'Partners get errors from the API: somebody may be unable to open a ticket or to escalate.',
      runbook: 'api',
    });
  }

  /**
   * Routes of another function beside our own, open to any method: what a path does not offer, that function says.
   * @param because why API Gateway asks for no authorization there
   * @param pressing those of the paths that an emergency may wait for: they get a throttle of their own
   */
  open(
    to: Construct & { fn: DeskFunction },
    paths: Readonly<Record<string, string>>,
    because: string,
    pressing: readonly string[] = [],
  ): void {
    const integration = new HttpLambdaIntegration(to.node.id, to.fn.lambda);
    for (const [name, path] of Object.entries(paths)) {
      const key = HttpRouteKey.with(path, HttpMethod.ANY);
      const route = new HttpRoute(to, `Route-${name}`, { httpApi: this.http, routeKey: key, integration });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: because });
      if (pressing.includes(path)) this.throttleApart(route, key);
    }
  }

  private throttleApart(route: HttpRoute, { key }: HttpRouteKey): void {
    const { rate, burst } = this.config.emergencyThrottle;
    this.throttles[key] = { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst };
    // API Gateway refuses settings for a route that is not there yet.
    this.stage.node.addDependency(route);
  }
}

const ownKeys =
  'The function checks the API key itself, so that every refusal is the same problem+json and open pages (documentation, support status) can exist beside closed ones.';

/** For scripts on these origins. The key goes in a header, so credentials (cookies) are not asked for. */
function cors(origins: readonly string[]): CorsPreflightOptions {
  const { GET, HEAD, POST, PUT, PATCH, DELETE } = CorsHttpMethod;
  return {
    allowOrigins: [...origins],
    allowMethods: [GET, HEAD, POST, PUT, PATCH, DELETE],
    allowHeaders: ['authorization', 'content-type', 'idempotency-key', 'if-match'],
    exposeHeaders: [
      ...['etag', 'location', 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id'],
      ...['allow', 'idempotent-replayed', 'www-authenticate'],
    ],
    maxAge: Duration.hours(1),
  };
}
