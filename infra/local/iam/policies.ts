import type { Resolved } from '../template/resolve.ts';
import { CannotStart } from '../words.ts';
import type { Statement } from './evaluate.ts';

interface PolicyDocument {
  Statement: RawStatement | RawStatement[];
}

/** A statement as a policy document writes it. */
export interface RawStatement {
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: string | Record<string, string | string[]>;
  Condition?: Record<string, Record<string, unknown>>;
}

/** One value or several, as several. */
export const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** The statements of a policy document. */
export const statementsOf = (document: unknown): readonly RawStatement[] =>
  list((document as PolicyDocument).Statement);

/** Logs and traces go nowhere here, so what these managed policies allow is never asked for. */
const managedForLogs =
  /^arn:aws:iam::aws:policy\/(service-role\/AWSLambdaBasicExecutionRole|AWSXRayDaemonWriteAccess)$/;

/** What each role may do, by the role's name. */
export function roleStatements(resources: readonly Resolved[]): ReadonlyMap<string, readonly Statement[]> {
  const roles = new Map<string, Statement[]>();
  for (const { type, id, name, properties } of resources) {
    if (type === 'AWS::IAM::Role') {
      const unknown = (properties.ManagedPolicyArns as string[] | undefined)?.find(
        (arn) => !managedForLogs.test(arn),
      );
      if (unknown)
        throw new CannotStart(`The local cloud does not know what ${unknown} allows (role ${id}).`);
      const inline = list(properties.Policies as { PolicyDocument: unknown }[] | undefined);
      addTo(
        roles,
        name,
        inline.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument)),
      );
    }
    if (type === 'AWS::IAM::Policy') {
      for (const role of properties.Roles as string[])
        addTo(roles, role, statementsOf(properties.PolicyDocument));
    }
  }
  return roles;
}

function addTo(roles: Map<string, Statement[]>, role: string, statements: readonly RawStatement[]): void {
  const known = roles.get(role) ?? [];
  known.push(...statements.flatMap(checkable));
  roles.set(role, known);
}

/** Conditions are left aside: an allowance holds without its condition, a denial with one never does. */
function checkable(raw: RawStatement): Statement[] {
  if (raw.Effect === 'Deny' && raw.Condition) return [];
  return [
    {
      effect: raw.Effect,
      ...(raw.Action === undefined ? {} : { actions: list(raw.Action) }),
      ...(raw.NotAction === undefined ? {} : { notActions: list(raw.NotAction) }),
      ...(raw.Resource === undefined ? {} : { resources: list(raw.Resource) }),
      ...(raw.NotResource === undefined ? {} : { notResources: list(raw.NotResource) }),
    },
  ];
}
