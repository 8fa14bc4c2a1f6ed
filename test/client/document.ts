import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiFile } from '../../shared/contract/openapi/write.ts';

/** The committed document as the judge of what goes in and what comes out. */

export interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  prefixItems?: Schema[];
  minItems?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  format?: string;
}
interface Parameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}
interface Content {
  content?: Record<string, { schema: Schema }>;
}
interface Header {
  $ref?: string;
  required?: boolean;
}
type ResponseObject = Content & { $ref?: string; headers?: Record<string, Header> };
interface OperationObject {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: Content & { required?: boolean };
  responses: Record<string, ResponseObject>;
}
interface Components {
  schemas: Record<string, Schema>;
  responses: Record<string, ResponseObject>;
  parameters: Record<string, Parameter>;
  headers: Record<string, Header>;
}

export const document: {
  paths: Record<string, Record<string, OperationObject>>;
  components: Components;
} = JSON.parse(readFileSync(openApiFile, 'utf8'));

export function resolved<T extends { $ref?: string }>(part: T): T {
  if (part.$ref === undefined) return part;
  const [, , kind, name] = part.$ref.split('/') as [string, string, keyof Components, string];
  return document.components[kind][name] as unknown as T;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
// Instants of requests may leave out the seconds, which RFC 3339 does not.
const lenient = new Ajv2020({ strict: false, validateFormats: false });
for (const each of [ajv, lenient]) each.addSchema({ $id: 'openapi', components: document.components });

const compiled = new Map<string, ValidateFunction>();

function validator(by: Ajv2020, pointer: string, schema: Schema): ValidateFunction {
  const known = compiled.get(pointer);
  if (known) return known;
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"openapi#/components/'));
  const made = by.compile(absolute);
  compiled.set(pointer, made);
  return made;
}

/** The path of the document that this one is one of. */
export function templateOf(path: string): string | null {
  const given = (path.split('?', 1)[0] ?? '').split('/');
  const fits = (template: string[]) =>
    template.length === given.length &&
    template.every((part, n) => part.startsWith('{') || part === given[n]);
  return Object.keys(document.paths).find((template) => fits(template.split('/'))) ?? null;
}

/** What the document has against this answer of an operation; null when nothing. */
export function faultOf(
  { method, path }: { method: string; path: string },
  answer: { status: number; headers: Record<string, string>; body: unknown },
): string | null {
  const described = document.paths[path]?.[method.toLowerCase()]?.responses[String(answer.status)];
  if (!described) return `the status ${answer.status} is not documented`;
  const { content, headers = {} } = resolved(described);
  for (const [name, header] of Object.entries(headers))
    if (answer.headers[name.toLowerCase()] === undefined && resolved(header).required)
      return `there is no ${name}`;
  for (const name of told)
    if (answer.headers[name] !== undefined && !Object.keys(headers).some((one) => one.toLowerCase() === name))
      return `the header ${name} is not documented`;
  const type = answer.headers['content-type']?.split(';', 1)[0] ?? '';
  if (!content) return answer.body === null ? null : 'it has a body';
  const schema = content[type]?.schema;
  if (!schema) return `the media type ${type} is not documented`;
  if (!/json$/.test(type)) return null;
  const check = validator(ajv, `${method} ${path} ${answer.status}`, schema);
  return check(answer.body) ? null : ajv.errorsText(check.errors);
}

/** What a caller may act on. */
const told = Object.keys(document.components.headers).map((name) => name.toLowerCase());

/** Whether the document lets an operation have this body. */
export function takesBody({ method, path }: { method: string; path: string }, body: unknown): boolean {
  const content = document.paths[path]?.[method.toLowerCase()]?.requestBody?.content?.['application/json'];
  return !content || validator(lenient, `${method} ${path} body`, content.schema)(body);
}
