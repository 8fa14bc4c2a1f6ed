import type { Item } from './item.ts';

/**
 * One named condition of a write. All of a write's conditions are one expression; when it fails, DynamoDB
 * returns the old item and `holds` tells which of them it was.
 */
export interface Condition {
  readonly name: string;
  expression(bind: Bind): string;
  holds(old: Item | null): boolean;
}

/** Gathers the names and values of an expression. */
export class Bind {
  readonly names: Record<string, string> = {};
  readonly values: Item = {};

  path(...path: string[]): string {
    return path
      .map((attribute) => {
        this.names[`#${attribute}`] = attribute;
        return `#${attribute}`;
      })
      .join('.');
  }

  value(value: unknown): string {
    const name = `:v${Object.keys(this.values).length}`;
    this.values[name] = value;
    return name;
  }
}

export type Scalar = string | number | boolean | null;

export const absent = (name: string): Condition => ({
  name,
  expression: (bind) => `attribute_not_exists(${bind.path('pk')})`,
  holds: (old) => old === null,
});

export const present = (name: string): Condition => ({
  name,
  expression: (bind) => `attribute_exists(${bind.path('pk')})`,
  holds: (old) => old !== null,
});

/** The attribute, or a member of a map, is exactly this. */
export const equals = (name: string, path: readonly [string, ...string[]], value: Scalar): Condition => ({
  name,
  expression: (bind) => `${bind.path(...path)} = ${bind.value(value)}`,
  holds: (old) => at(old, path) === value,
});

/** No such row, or one whose `attribute`, a text such as an instant, is at most this. */
export const absentOrAtMost = (name: string, attribute: string, value: string): Condition => ({
  name,
  expression: (bind) =>
    `(attribute_not_exists(${bind.path('pk')}) OR ${bind.path(attribute)} <= ${bind.value(value)})`,
  holds: (old) => {
    const held = at(old, [attribute]);
    return old === null || (typeof held === 'string' && held <= value);
  },
});

/** No such row, or one whose `attribute` is exactly this. */
export const absentOrEquals = (name: string, attribute: string, value: Scalar): Condition => ({
  name,
  expression: (bind) =>
    `(attribute_not_exists(${bind.path('pk')}) OR ${bind.path(attribute)} = ${bind.value(value)})`,
  holds: (old) => old === null || at(old, [attribute]) === value,
});

/** No such row, or one whose `attribute`, a number, is less than this. */
export const absentOrBelow = (name: string, attribute: string, value: number): Condition => ({
  name,
  expression: (bind) =>
    `(attribute_not_exists(${bind.path('pk')}) OR ${bind.path(attribute)} < ${bind.value(value)})`,
  holds: (old) => old === null || Number(at(old, [attribute])) < value,
});

function at(item: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, attribute) =>
      typeof value === 'object' && value !== null && attribute in value
        ? Reflect.get(value, attribute)
        : undefined,
    item,
  );
}
