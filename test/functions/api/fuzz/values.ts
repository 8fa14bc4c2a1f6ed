import fc from 'fast-check';
import { resolved, type Schema } from '../../../client/document.ts';

/** Values by a JSON Schema of the document: mostly good ones, and what people and machines send instead. */

const instants = [
  '2026-01-05T14:00:00Z',
  '2026-01-06T03:10:00.123Z',
  '2026-02-01T09:00:00+02:00',
  '2026-01-05T14:00Z',
];
const words: Record<string, readonly string[]> = {
  timezone: ['America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Mars/Olympus', ''],
  'date-time': [...instants, 'soon', '2026-02-30T00:00:00Z', '1999-01-01T00:00:00Z'],
  email: ['kim@acme.example', 'Ünï@acme.example', 'kim@', 'a@b@c.example'],
  uri: [
    'http://localhost:9/local/hooks/a',
    'https://inside.example/x',
    'javascript:alert(1)',
    'https://[::1]/',
    '//x',
  ],
  date: ['2026-12-24', '2026-02-30', '24.12.2026'],
};
/** What the desk of the tests has. */
const known = ['default', 'primary', 'secondary', 'hosted-mail', 'ptn_acme', 'stf_dana', 'stf_sam', 'stf_mo'];
/** What every object has, whatever it holds: as a key it is a trap. */
export const reserved = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype'];
const times = ['00:00', '09:00', '17:00', '24:00', '25:61'];
const starts = ['2026-01-05T09:00', '2026-03-08T02:30', '2026-13-01T00:00'];

export const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    0,
    -1,
    1e308,
    1.5,
    true,
    '',
    ' ',
    '\u0000',
    '\ud800',
    'ND-0000-0000',
    '__proto__',
    '../..',
    [],
    {},
    [[]],
    [null],
    { a: 1 },
    { constructor: 1 },
    ...reserved.map((name) => ({ [name]: 'x' })),
    Object.fromEntries(reserved.map((name) => [name, 'x'])),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
  fc.integer({ min: 100, max: 70_000 }).map((length) => 'x'.repeat(length)),
);

const pick = (values: readonly string[]) => fc.constantFrom(...values);

/** A value that the schema may take, of a field of this name. */
export function valueBy(given: Schema, name = ''): fc.Arbitrary<unknown> {
  const schema = resolved(given);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map((each) => valueBy(each, name)));
  if (schema.allOf)
    return fc
      .tuple(...schema.allOf.map((each) => valueBy(each, name)))
      .map((all) => Object.assign({}, ...all));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? []].flat();
  if (types.length > 1) return fc.oneof(...types.map((type) => valueBy({ ...schema, type }, name)));
  switch (types[0]) {
    case 'object':
      return objectOf(schema);
    case 'array':
      if (schema.prefixItems) return fc.tuple(...schema.prefixItems.map((each) => valueBy(each, 'time')));
      return fc.array(valueBy(schema.items ?? {}, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 3),
      });
    case 'integer':
    case 'number':
      return numberOf(schema);
    case 'boolean':
      // Whoever is suspended cannot go on asking.
      return name === 'suspended' ? fc.constant(false) : fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return textOf(schema, name);
    default:
      return junk;
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, schema]) => [name, valueBy(schema, name)] as const);
  if (fields.length === 0 && additionalProperties)
    return fc.dictionary(
      fc.oneof(fc.string({ minLength: 1, maxLength: 20 }), pick(reserved)),
      valueBy(additionalProperties === true ? {} : additionalProperties),
      { maxKeys: 3 },
    );
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
}

function numberOf({ type, minimum = -1_000, maximum = 10_000 }: Schema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -1e9), Math.min(maximum, 1e9)];
  const whole = fc.oneof(
    fc.constantFrom(min, max),
    fc.integer({ min: Math.ceil(min), max: Math.floor(max) }),
  );
  return type === 'number' ? fc.oneof(whole, fc.double({ min, max, noNaN: true })) : whole;
}

function textOf(
  { format, pattern, minLength = 0, maxLength = 60 }: Schema,
  name: string,
): fc.Arbitrary<string> {
  const own = words[format ?? ''] ?? words[name];
  // Two of three times one of the good ones, which come first.
  if (own)
    return fc.oneof({ weight: 2, arbitrary: pick(own.slice(0, 2)) }, { weight: 1, arbitrary: pick(own) });
  if (/^(start|end)$/.test(name)) return pick(starts);
  if (name === 'time') return pick(times);
  if (/phone/i.test(name))
    return fc.oneof(pick(['+1 202 555 0147', '+12025550101', 'call me']), fc.string({ minLength: 1 }));
  if (pattern?.startsWith('^[A-Za-z0-9]'))
    return fc.oneof(pick([...known, ...reserved]), fc.stringMatching(/^[A-Za-z0-9][\w-]{0,20}$/));
  if (name === 'eventTypes') return pick(['*', 'ticket.*', 'escalation.started', 'ticket.sneezed']);
  const [from, to] = [minLength, Math.min(Math.max(maxLength, minLength), minLength + 60)];
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ minLength: from, maxLength: to }) },
    {
      weight: 2,
      arbitrary: fc.string({
        unit: 'grapheme',
        minLength: from,
        maxLength: Math.max(from, Math.floor(to / 2)),
      }),
    },
    {
      weight: 1,
      arbitrary: pick([
        'PT2H',
        '2026-01-01',
        'a,b',
        "Robert'); --",
        '<script>alert(1)</script>',
        ...reserved,
        '\u202egnp',
      ]),
    },
  );
}
