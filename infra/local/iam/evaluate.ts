/** A statement of a policy, as far as it is checked here: conditions are left aside. */
export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
}

/** One thing that a call needs to be allowed to do. A phone number stands for itself: it has no ARN. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

const patterns = new Map<string, RegExp>();

/** IAM's wildcards: `*` is any text, `?` one character. */
function matches(pattern: string, text: string, flags = ''): boolean {
  if (pattern === '*') return true;
  const key = flags + pattern;
  let regex = patterns.get(key);
  if (!regex) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    regex = new RegExp(`^${source}$`, `s${flags}`);
    patterns.set(key, regex);
  }
  return regex.test(text);
}

function applies(statement: Statement, { action, resource }: Need): boolean {
  const { actions, notActions, resources, notResources } = statement;
  if (actions && !actions.some((pattern) => matches(pattern, action, 'i'))) return false;
  if (notActions?.some((pattern) => matches(pattern, action, 'i'))) return false;
  if (resources && !resources.some((pattern) => matches(pattern, resource))) return false;
  if (notResources?.some((pattern) => matches(pattern, resource))) return false;
  return true;
}

/** Whether these statements together allow it: one allows, none denies. */
export function isAllowed(statements: readonly Statement[], need: Need): boolean {
  const applying = statements.filter((statement) => applies(statement, need));
  return (
    applying.some(({ effect }) => effect === 'Allow') && !applying.some(({ effect }) => effect === 'Deny')
  );
}
