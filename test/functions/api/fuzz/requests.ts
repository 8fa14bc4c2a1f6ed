import fc from 'fast-check';
import type { Operation } from '../../../../shared/contract/operation.ts';
import { operations } from '../../../../shared/contract/operations/all.ts';
import { document, resolved } from '../../../client/document.ts';
import type { Sample } from '../samples.ts';
import type { World } from '../world.ts';
import { junk, reserved, valueBy } from './values.ts';

export interface FuzzRequest {
  operation: Pick<Operation, 'id' | 'method' | 'path'>;
  path: string;
  key: keyof World['keys'] | null;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** A body that is JSON. */
  body?: unknown;
  /** One that is sent as it is. */
  raw?: string;
}

/** Requests for every operation of the document, good, nearly good and bad; samples are good ones to start from. */
export function requests(sets: readonly Readonly<Record<string, Sample>>[]): fc.Arbitrary<FuzzRequest> {
  const operation = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...operations.filter(({ id }) => !ends.test(id))) },
    { weight: 1, arbitrary: fc.constantFrom(...operations.filter(({ id }) => ends.test(id))) },
  );
  return fc
    .tuple(operation, fc.constantFrom(...sets))
    .chain(([one, samples]) => requestOf(one, samples[one.id]));
}

/** What leaves little to do for what comes after it. */
const ends = /^(cancelEscalation|resolveEscalation|deleteWebhook|disableWebhook)$/;

const keys: fc.Arbitrary<FuzzRequest['key']> = fc.constantFrom(
  null,
  'partner',
  'other',
  'dana',
  'kim',
  'mo',
  'ada',
);

function requestOf({ id, method, path }: Operation, sample: Sample | undefined): fc.Arbitrary<FuzzRequest> {
  const described = document.paths[path]?.[method.toLowerCase()];
  const parameters = (described?.parameters ?? []).map(resolved);
  const schema = described?.requestBody?.content?.['application/json']?.schema;
  const inQuery = parameters.filter((each) => each.in === 'query');
  const good = sample?.body;
  const anyBody = schema ? valueBy(schema) : null;
  const bodies: fc.WeightedArbitrary<Pick<FuzzRequest, 'body' | 'raw'>>[] = [
    ...(good ? [{ weight: 3, arbitrary: fc.constant({ body: good as unknown }) }] : []),
    ...(good ? [{ weight: 2, arbitrary: spoilt(good).map((body) => ({ body })) }] : []),
    ...(anyBody
      ? [
          { weight: 4, arbitrary: anyBody.map((body) => ({ body })) },
          { weight: 2, arbitrary: anyBody.chain(spoilt).map((body) => ({ body })) },
          { weight: 1, arbitrary: junk.map((body) => ({ body })) },
          { weight: 1, arbitrary: fc.string().map((raw) => ({ raw })) },
        ]
      : [{ weight: 1, arbitrary: fc.constant({}) }]),
  ];
  return fc
    .record({
      path: fc.oneof(
        { weight: 5, arbitrary: fc.constant(sample?.path ?? path) },
        { weight: 1, arbitrary: pathOf(path) },
      ),
      key: fc.oneof(
        { weight: 5, arbitrary: fc.constant<FuzzRequest['key']>(sample?.key ?? 'partner') },
        { weight: 1, arbitrary: keys },
      ),
      query: fc.oneof(
        { weight: 4, arbitrary: fc.constant({ ...sample?.query }) },
        {
          weight: 4,
          arbitrary: fc.record(
            Object.fromEntries(
              inQuery.map(({ name, schema: of }) => [
                name,
                fc
                  .oneof({ weight: 4, arbitrary: valueBy(of, name) }, { weight: 1, arbitrary: junk })
                  .map(asText),
              ]),
            ),
            { requiredKeys: [] },
          ) as fc.Arbitrary<Record<string, string>>,
        },
        {
          weight: 1,
          arbitrary: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom(...reserved)), fc.string(), {
            maxKeys: 2,
          }),
        },
      ),
      headers: fc.record(
        {
          'idempotency-key': fc.oneof(fc.constantFrom('a', 'b', 'c', '', '\u00e9', ...reserved), fc.uuid()),
          'if-match': fc.constantFrom('*', '"1"', 'W/"1"', '1', '"1", "2"', ''),
          'content-type': fc.constantFrom(
            'application/json',
            'application/json; charset=utf-8',
            'text/plain',
            '',
          ),
          authorization: fc.constantFrom('Bearer', 'Basic x', 'Bearer nd_key_x', ''),
        },
        { requiredKeys: [] },
      ),
      sendHeaders: fc.integer({ min: 0, max: 3 }),
      body: fc.oneof(...bodies),
    })
    .map(({ body, headers, sendHeaders, ...rest }) => ({
      operation: { id, method, path },
      ...rest,
      headers: (sendHeaders === 0 ? headers : {}) as Record<string, string>,
      ...body,
    }));
}

/** As a query carries it. An object of junk may have no `toString` of its own, or one that is none. */
const asText = (value: unknown): string =>
  typeof value === 'object' ? String(JSON.stringify(value)) : String(value);

/** The path with anything in the place of its parameters. */
function pathOf(path: string): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([whole]) => whole);
  const part = fc.oneof(
    fc.constantFrom(
      'default',
      'primary',
      'ND-6PC7-PS91',
      'ND-6PC7-PS9V',
      'nd6pc7ps91',
      'ptn_other',
      'stf_dana',
      '%',
      '..',
      ...reserved,
    ),
    fc.string({ minLength: 1, maxLength: 70 }),
  );
  return fc
    .tuple(...names.map(() => part))
    .map((parts) =>
      names.reduce(
        (text, name, n) => text.replace(name, encodeURIComponent(String(parts[n]).toWellFormed())),
        path,
      ),
    );
}

/** A value with one part of it taken out, put in, or replaced by junk. */
function spoilt(value: unknown): fc.Arbitrary<unknown> {
  const places = placesOf(value);
  return fc
    .tuple(fc.constantFrom(...places), junk, fc.constantFrom('replace', 'remove', 'add'))
    .map(([place, bad, how]) => {
      const copy = structuredClone({ value }) as Record<string, unknown>;
      let at = copy as Record<string | number, unknown>;
      for (const step of place.slice(0, -1)) at = at[step] as Record<string | number, unknown>;
      const last = place.at(-1) ?? 'value';
      if (how === 'replace') at[last] = bad;
      else if (how === 'remove' && place.length > 1)
        Array.isArray(at) ? at.splice(Number(last), 1) : delete at[last];
      else if (typeof at[last] === 'object' && at[last] !== null) Object.assign(at[last], { surprise: bad });
      else at[last] = bad;
      return copy.value;
    });
}

function placesOf(value: unknown, place: (string | number)[] = ['value']): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [place];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [place, ...inner.flatMap(([key, each]) => placesOf(each, [...place, key]))];
}
