/**
 * Stands for `@aws-sdk/middleware-endpoint-discovery`: DynamoDB's client resolves the setting, and none of its
 * commands uses it. Endpoints are those of the Region, or of AWS_ENDPOINT_URL.
 */
export const resolveEndpointDiscoveryConfig = <Config>(config: Config): Config => config;

export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: () => undefined,
  configFileSelector: () => undefined,
  default: undefined,
};
