/** The parts of JSON Schema that our own schemas are written with. */
export interface JsonSchema {
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  example?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  prefixItems?: JsonSchema[];
  items?: JsonSchema;
}

interface From {
  /** What fields of these names hold: `a.b` is b in a, or in the schema that `$ref` names a. */
  words: Readonly<Record<string, unknown>>;
  /** What `$ref` names, by its last part. */
  defs: Readonly<Record<string, JsonSchema>>;
}

/** Where in the value it is: the names of the fields, and the named schema that it is part of. */
interface Place {
  path: readonly string[];
  owner: string;
}

/** A value that the schema takes, made from it: words by field name, else what it says itself (`const`, `example`). */
export function exampleOf(schema: JsonSchema, from: From, place: Place = { path: [], owner: '' }): unknown {
  const [before, last = ''] = [place.path.at(-2), place.path.at(-1)];
  const names = [`${before}.${last}`, `${place.owner}.${last}`, last];
  const word = from.words[names.find((name) => name in from.words) ?? ''];
  return word === undefined || typeof word === 'string' ? made(schema, word, from, place) : word;
}

function made(schema: JsonSchema, word: string | undefined, from: From, place: Place): unknown {
  const { path } = place;
  if (schema.$ref) {
    const owner = schema.$ref.split('/').at(-1) ?? '';
    return made(from.defs[owner] ?? {}, word, from, { path, owner });
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.includes(word) ? word : schema.enum[0];
  if (schema.anyOf) return made(schema.anyOf[0] ?? {}, word, from, place);
  const [type] = [schema.type].flat();
  if (type === 'string') return word ?? schema.example ?? path.at(-1) ?? 'text';
  if (schema.example !== undefined) return schema.example;
  switch (type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {});
      return Object.fromEntries(
        fields.map(([name, field]) => [name, exampleOf(field, from, { ...place, path: [...path, name] })]),
      );
    }
    case 'array': {
      const items = schema.prefixItems ?? [schema.items ?? {}];
      return items.map((item) => made(item, word, from, place));
    }
    case 'integer':
    case 'number':
      return 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return word ?? path.at(-1) ?? null;
  }
}
