export interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a partner's script would, and asserts what it finds
  body: any;
}

export type Api = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

export function caller(baseUrl: string, key: string): Api {
  return async (method, path, body, headers = {}) => {
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
  };
}

export const outage = {
  subject: 'No mail since 21:50',
  description: 'Nothing arrives for contoso.example.',
  severity: 'outage',
  requester: { name: 'Pat Lee', email: 'pat@partner.example', phone: '+12025550147' },
};

export const emergency = {
  reason: 'mail_not_delivered',
  callback: { name: 'Pat Lee', phone: '+12025550147' },
};
