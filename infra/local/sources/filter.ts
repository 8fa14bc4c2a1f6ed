import { CannotStart } from '../words.ts';

/**
 * EventBridge's content filters, as event source mappings use them: in a pattern, an object goes down a level and
 * an array holds the alternatives for a value.
 */

const operators = ['prefix', 'suffix', 'anything-but', 'exists', 'numeric', 'equals-ignore-case'];

/** Stops at a pattern that `matchesPattern` would not understand. */
export function checkPattern(pattern: unknown): unknown {
  if (typeof pattern !== 'object' || pattern === null) unknown(pattern);
  for (const [key, value] of Object.entries(pattern as object)) {
    if (key === '$or') unknown('$or');
    if (!Array.isArray(value)) checkPattern(value);
    else {
      for (const alternative of value) {
        if (typeof alternative !== 'object' || alternative === null) continue;
        const names = Object.keys(alternative);
        if (names.length !== 1 || !operators.includes(names[0] ?? '')) unknown(alternative);
      }
    }
  }
  return pattern;
}

function unknown(part: unknown): never {
  throw new CannotStart(`The local cloud does not know this part of a filter: ${JSON.stringify(part)}`);
}

/** Whether a record matches a pattern. */
export function matchesPattern(pattern: unknown, record: unknown): boolean {
  return Object.entries(pattern as object).every(([key, wanted]) => {
    const value =
      typeof record === 'object' && record !== null ? (record as Record<string, unknown>)[key] : undefined;
    if (!Array.isArray(wanted)) return matchesPattern(wanted, value);
    // An array in the record matches if one of its members does.
    const values = Array.isArray(value) ? value : [value];
    return wanted.some((alternative) => values.some((one) => matchesAlternative(alternative, one)));
  });
}

function matchesAlternative(alternative: unknown, value: unknown): boolean {
  if (typeof alternative !== 'object' || alternative === null) return alternative === value;
  const [[operator, operand] = ['', undefined]] = Object.entries(alternative);
  const text = typeof value === 'string' ? value : undefined;
  switch (operator) {
    case 'exists':
      // Only leaves exist: of an object the filter sees the values in it.
      return (value !== undefined && !(typeof value === 'object' && value !== null)) === operand;
    case 'prefix':
      return text?.startsWith(String(operand)) ?? false;
    case 'suffix':
      return text?.endsWith(String(operand)) ?? false;
    case 'equals-ignore-case':
      return text?.toLowerCase() === String(operand).toLowerCase();
    case 'numeric':
      return typeof value === 'number' && matchesNumeric(operand as (string | number)[], value);
    default: {
      // anything-but: a value, several, or an operator that must not match; the value must be there.
      const not = Array.isArray(operand) ? operand : [operand];
      return value !== undefined && !not.some((one) => matchesAlternative(one, value));
    }
  }
}

function matchesNumeric(conditions: readonly (string | number)[], value: number): boolean {
  for (let index = 0; index < conditions.length; index += 2) {
    const bound = Number(conditions[index + 1]);
    const holds = {
      '=': value === bound,
      '<': value < bound,
      '<=': value <= bound,
      '>': value > bound,
      '>=': value >= bound,
    };
    if (!holds[conditions[index] as keyof typeof holds]) return false;
  }
  return true;
}

/**
 * The attributes of a new row, one of which every record that passes these filters of streams has; null when a
 * record may pass without.
 */
export function requiredAttributes(streams: readonly (readonly unknown[] | null)[]): string[] | null {
  const names: string[] = [];
  for (const filters of streams) {
    if (!filters) return null;
    for (const filter of filters) {
      const image = (filter as { dynamodb?: { NewImage?: object } }).dynamodb?.NewImage;
      const name = Object.keys(image ?? {})[0];
      if (name === undefined || JSON.stringify(image).includes('"exists":false')) return null;
      names.push(name);
    }
  }
  return names;
}
