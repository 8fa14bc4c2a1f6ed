import type { Stack } from '../assembly/read.ts';
import { CannotStart } from '../words.ts';
import { account, hasIdentity, identify, namedBy, type Places, region } from './identity.ts';

/** A resource with every reference in its properties replaced by what it refers to. */
export interface Resolved {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  /** The physical name, and the logical id where the type has none. */
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const noValue = Symbol('AWS::NoValue');

/** Replaces the intrinsic functions of these stacks; exports of one are imports of another. */
export function resolveStacks(stacks: readonly Stack[], places: Places): Resolved[] {
  const exports = new Map<string, () => unknown>();
  const resolvers = stacks.map((stack) => new StackResolver(stack, places, exports));
  for (const resolver of resolvers) resolver.declareExports();
  return resolvers.flatMap((resolver) => resolver.resources());
}

class StackResolver {
  private readonly stack: Stack;
  private readonly places: Places;
  private readonly exports: Map<string, () => unknown>;

  constructor(stack: Stack, places: Places, exports: Map<string, () => unknown>) {
    this.stack = stack;
    this.places = places;
    this.exports = exports;
  }

  declareExports(): void {
    for (const { Value, Export } of Object.values(this.stack.template.Outputs ?? {})) {
      if (Export) this.exports.set(String(this.resolve(Export.Name)), () => this.resolve(Value));
    }
  }

  resources(): Resolved[] {
    return Object.entries(this.stack.template.Resources).map(([id, resource]) => {
      if (resource.Condition) this.fail(`${id} has a Condition`);
      return {
        stack: this.stack.name,
        id,
        type: resource.Type,
        name: hasIdentity(resource.Type) ? this.identity(id).name : id,
        properties: this.resolve(resource.Properties ?? {}) as Record<string, unknown>,
      };
    });
  }

  private resolve(value: unknown): unknown {
    if (Array.isArray(value))
      return value.map((item) => this.resolve(item)).filter((item) => item !== noValue);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return this.intrinsic(only[0], only[1]);
    }
    return Object.fromEntries(
      entries.map(([key, item]) => [key, this.resolve(item)] as const).filter(([, item]) => item !== noValue),
    );
  }

  private intrinsic(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.ref(String(argument));
      case 'Fn::GetAtt': {
        const [id, attribute] = Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/, 2);
        return this.attribute(String(id), String(attribute));
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown];
        return (this.resolve(parts) as unknown[]).join(separator);
      }
      case 'Fn::Sub':
        return this.sub(argument);
      case 'Fn::Select': {
        const [index, from] = argument as [number | string, unknown];
        return (this.resolve(from) as unknown[])[Number(index)];
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, unknown];
        return String(this.resolve(text)).split(separator);
      }
      case 'Fn::ImportValue': {
        const wanted = String(this.resolve(argument));
        const exported = this.exports.get(wanted);
        if (!exported) this.fail(`imports ${wanted}, which no stack exports`);
        return exported();
      }
      default:
        return this.fail(`uses ${name}, which the local cloud cannot resolve`);
    }
  }

  private sub(argument: unknown): string {
    const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (whole, literal: string, name: string) => {
      if (literal) return whole.replace('!', '');
      if (Object.hasOwn(values, name)) return String(this.resolve(values[name]));
      const [id = '', attribute] = name.split(/\.(.*)/, 2);
      return String(attribute === undefined ? this.ref(id) : this.attribute(id, attribute));
    });
  }

  private ref(name: string): unknown {
    const pseudo: Record<string, unknown> = {
      'AWS::AccountId': account,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': this.stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${account}:stack/${this.stack.name}/local`,
      'AWS::NoValue': noValue,
    };
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    const parameter = this.stack.template.Parameters?.[name];
    if (parameter) return parameter.Default ?? this.fail(`parameter ${name} has no default`);
    return this.identity(name).ref;
  }

  private attribute(id: string, attribute: string): string {
    const value = this.identity(id).attributes[attribute];
    return (
      value ?? this.fail(`asks for the attribute ${attribute} of ${id}, which the local cloud does not know`)
    );
  }

  private identity(id: string) {
    const resource = this.stack.template.Resources[id];
    if (!resource) return this.fail(`refers to ${id}, which is not in it`);
    const property = namedBy(resource.Type);
    const given = property ? resource.Properties?.[property] : undefined;
    const generated = property ? `${this.stack.name}-${id}`.slice(0, 63) : id.toLowerCase();
    return identify(
      resource.Type,
      given === undefined ? generated : String(this.resolve(given)),
      this.places,
    );
  }

  private fail(what: string): never {
    throw new CannotStart(`The template of stack ${this.stack.name} ${what}.`);
  }
}
