import type { paths } from './openapi.d.ts';

/** What the document says of a request that is written as `('GET', '/v1/tickets/ND-6PC7-PS91?limit=5')`. */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type Split<Path extends string> = Path extends `${infer First}/${infer Rest}`
  ? [First, ...Split<Rest>]
  : [Path];
type WithoutQuery<Path extends string> = Path extends `${infer Before}?${string}` ? Before : Path;

type Fits<Given extends string[], Wanted extends string[]> = [Given, Wanted] extends [
  [infer First, ...infer Rest extends string[]],
  [infer Its, ...infer Others extends string[]],
]
  ? Its extends `{${string}}`
    ? Fits<Rest, Others>
    : First extends Its
      ? Fits<Rest, Others>
      : false
  : [Given, Wanted] extends [[], []]
    ? true
    : false;

/** The path of the document that this one is one of. */
type Template<Path extends string> = {
  [Each in keyof paths & string]: Fits<Split<WithoutQuery<Path>>, Split<Each>> extends true ? Each : never;
}[keyof paths & string];

type Operation<M extends Method, Path extends string> =
  Template<Path> extends infer Each extends keyof paths
    ? NonNullable<paths[Each][Lowercase<M> & keyof paths[Each]]>
    : never;

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : null;

// biome-ignore lint/suspicious/noExplicitAny: a path that is put together from parts cannot be known
type Unknowable = any;

/** What may be sent; anything where the path is not known before it runs. */
export type RequestBody<M extends Method, Path extends string> = [Operation<M, Path>] extends [never]
  ? unknown
  : Operation<M, Path> extends { requestBody?: infer Body }
    ? Json<NonNullable<Body>>
    : undefined;

/** The body of what is answered when it is not refused. */
export type AnswerBody<M extends Method, Path extends string> = [Operation<M, Path>] extends [never]
  ? Unknowable
  : Operation<M, Path> extends { responses: infer Responses }
    ? {
        [Status in keyof Responses]: Status extends 200 | 201 | 202 | 204 ? Json<Responses[Status]> : never;
      }[keyof Responses]
    : never;
