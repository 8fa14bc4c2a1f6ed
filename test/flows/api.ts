import { faultOf, templateOf } from '../client/document.ts';
import type { AnswerBody, Method, RequestBody } from '../client/types.ts';

/** `body` is that of what was asked for; of a refusal it has the code. */
export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body & Refused;
}
interface Refused {
  code?: string;
}

/** A partner's script: requests and answers are of the types that the document gives their operation. */
export type Api = <M extends Method, const Path extends string>(
  method: M,
  path: Path,
  body?: RequestBody<M, Path>,
  headers?: Record<string, string>,
) => Promise<Answer<AnswerBody<M, Path>>>;

export function caller(baseUrl: string, key: string): Api {
  return (async (method: Method, path: string, body?: unknown, headers = {}) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }) as Api;
}

/** The same, and each answer is held against the document. */
export function checked(api: Api): Api {
  return (async (method: Method, path: string, ...rest: [unknown?, Record<string, string>?]) => {
    const answer = await (api as (...all: unknown[]) => Promise<Answer<unknown>>)(method, path, ...rest);
    const template = templateOf(path);
    const fault =
      template === null
        ? 'the path is not documented'
        : faultOf(
            { method, path: template },
            {
              status: answer.status,
              headers: Object.fromEntries(answer.headers),
              body: answer.body,
            },
          );
    if (fault !== null) throw new Error(`${method} ${path} answered ${answer.status}: ${fault}`);
    return answer;
  }) as Api;
}

export const outage = {
  subject: 'No mail since 21:50',
  description: 'Nothing arrives for contoso.example.',
  severity: 'outage',
  requester: { name: 'Pat Lee', email: 'pat@partner.example', phone: '+12025550147' },
} as const;

export const emergency = {
  reason: 'mail_not_delivered',
  callback: { name: 'Pat Lee', phone: '+12025550147' },
} as const;
