import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
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
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { DeskAlarm } from './desk-alarm.ts';
import { type DeskContext, named } from './desk-context.ts';
import { DeskFunction, decides } from './desk-function.ts';
import { webhookEnvironment } from './webhooks.ts';

/**
 * The HTTP API: its `$default` route goes to one function, so that an unknown path gets our own 404
 * (decisions/0001-one-default-route.md); the paths of the console are routes beside it. Answers that API Gateway makes itself (throttled, body over 10 MB,
 * function out of time) are the one exception to problem+json.
 */
export class DeskApi extends Construct {
  readonly fn: DeskFunction;
  readonly http: HttpApi;
  /** Where the desk is reached: as configured, else where API Gateway put it. */
  readonly publicUrl: string;
  readonly url: string;

  constructor(scope: Construct, id: string, { desk }: { desk: DeskContext }) {
    super(scope, id);
    const { config } = desk;

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
      reason:
        'The function checks the API key itself, so that every refusal is the same problem+json and open pages (documentation, support status) can exist beside closed ones.',
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
          }),
        ),
      },
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
   */
  open(to: Construct & { fn: DeskFunction }, paths: Readonly<Record<string, string>>, because: string): void {
    const integration = new HttpLambdaIntegration(to.node.id, to.fn.lambda);
    for (const [name, path] of Object.entries(paths)) {
      const route = new HttpRoute(to, `Route-${name}`, {
        httpApi: this.http,
        routeKey: HttpRouteKey.with(path, HttpMethod.ANY),
        integration,
      });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason: because });
    }
  }
}

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
