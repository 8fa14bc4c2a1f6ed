import { isAllowed, type Need, type Statement } from '../iam/evaluate.ts';
import { list } from '../iam/policies.ts';
import { CannotStart } from '../words.ts';
import type { FunctionPlan } from './plan.ts';
import type { ResourceSet } from './read-plan.ts';

/** The functions, each with what its role allows. */
export function readFunctions(
  template: ResourceSet,
  roles: ReadonlyMap<string, readonly Statement[]>,
  assets: ReadonlyMap<string, string>,
): FunctionPlan[] {
  const invokeConfigs = template.of('AWS::Lambda::EventInvokeConfig');
  return template.of('AWS::Lambda::Function').map(({ id, name, properties }) => {
    const { Code, Role, Runtime, LoggingConfig, DeadLetterConfig, Environment } = properties as {
      Code: { S3Key?: string };
      Role: string;
      Runtime: string;
      LoggingConfig?: { LogGroup?: string };
      DeadLetterConfig?: { TargetArn: string };
      Environment?: { Variables: Record<string, unknown> };
    };
    const bundle = assets.get(Code.S3Key ?? '');
    if (!bundle) throw new CannotStart(`The code of function ${id} is not an asset of the assembly.`);
    if (Runtime !== 'nodejs24.x')
      throw new CannotStart(`Function ${id} wants ${Runtime}; here runs nodejs24.x.`);
    const roleName = Role.split('/').at(-1) ?? '';
    const statements = roles.get(roleName) ?? [];
    const deadLetterArn = DeadLetterConfig?.TargetArn ?? null;
    if (deadLetterArn) demand(statements, { action: 'sqs:SendMessage', resource: deadLetterArn }, name);
    const asynchronous = invokeConfigs.find((config) => sameFunction(config.properties.FunctionName, name));
    return {
      name,
      arn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      bundle,
      handler: String(properties.Handler),
      environment: Object.fromEntries(
        Object.entries(Environment?.Variables ?? {}).map(([key, value]) => [key, String(value)]),
      ),
      timeoutMs: Number(properties.Timeout ?? 3) * 1000,
      memoryMb: Number(properties.MemorySize ?? 128),
      reservedConcurrency:
        properties.ReservedConcurrentExecutions === undefined
          ? null
          : Number(properties.ReservedConcurrentExecutions),
      roleName,
      statements,
      logGroup: LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
      retries: Number(asynchronous?.properties.MaximumRetryAttempts ?? 2),
      maxAgeMs: Number(asynchronous?.properties.MaximumEventAgeInSeconds ?? 6 * 3600) * 1000,
      deadLetterArn,
    };
  });
}

/** Whether this names that function: by name or by ARN. */
export function sameFunction(reference: unknown, name: string): boolean {
  return reference === name || String(reference).endsWith(`:function:${name}`);
}

/** The function that this names. */
export function functionNamed(
  functions: readonly FunctionPlan[],
  reference: unknown,
  by: string,
): FunctionPlan {
  const found = functions.find(({ name }) => sameFunction(reference, name));
  if (!found) throw new CannotStart(`${by} names a function that is not in the template: ${reference}`);
  return found;
}

/** Stops if the role does not allow what the cloud will do in its name. */
export function demand(statements: readonly Statement[], need: Need, functionName: string): void {
  if (isAllowed(statements, need)) return;
  throw new CannotStart(
    `The role of ${functionName} does not allow ${need.action} on ${need.resource}, which its wiring needs.`,
  );
}

/** Stops if nothing lets this service invoke the function. */
export function demandPermission(
  template: ResourceSet,
  functionName: string,
  service: string,
  sourceArn: string,
): void {
  const permitted = template.of('AWS::Lambda::Permission').some(({ properties }) => {
    const { Action, FunctionName, Principal, SourceArn } = properties;
    return (
      Action === 'lambda:InvokeFunction' &&
      sameFunction(FunctionName, functionName) &&
      Principal === service &&
      list(SourceArn as string | undefined).every((allowed) =>
        isAllowed([{ effect: 'Allow', resources: [allowed] }], { action: '', resource: sourceArn }),
      )
    );
  });
  if (!permitted) {
    throw new CannotStart(
      `No AWS::Lambda::Permission lets ${service} (${sourceArn}) invoke ${functionName}.`,
    );
  }
}
