import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cloud } from './cloud.ts';
import type { Memory } from './memory.ts';
import {
  agentScopes,
  agents,
  calendars,
  onCall,
  partnerScopes,
  partners,
  plans,
  policy,
  provider,
  schedules,
  services,
} from './seed-data.ts';
import { CannotStart } from './words.ts';

/** The demo provider, as `DATA_DIR/demo.json` and `GET /local/demo` have it. */
export interface Demo {
  readonly baseUrl: string;
  readonly partnerId: string;
  readonly partnerKey: string;
  readonly otherPartnerKey: string;
  readonly staffKey: string;
  readonly adminKey: string;
  /** Whom an emergency can reach, the manager last. */
  readonly engineers: readonly { readonly id: string; readonly name: string; readonly phone: string }[];
}

/** What the seed needs. */
export interface SeedOptions {
  readonly cloud: Cloud;
  readonly baseUrl: string;
  readonly memory: Memory;
  readonly dataDir: string | null;
}

/**
 * Makes the demo provider through the API, as an administrator would, once in the life of the data. Cut off on
 * the way it does the same again: every step has its own id or idempotency key.
 */
export async function seed({ cloud, baseUrl, memory, dataDir }: SeedOptions): Promise<Demo> {
  const made = memory.get('demo');
  const demo: Demo = made ? { ...JSON.parse(made), baseUrl } : await make(cloud, baseUrl, memory);
  memory.put('demo', JSON.stringify(demo));
  if (dataDir) writeFileSync(join(dataDir, 'demo.json'), `${JSON.stringify(demo, null, 2)}\n`);
  return demo;
}

async function make(cloud: Cloud, baseUrl: string, memory: Memory): Promise<Demo> {
  const adminKey = memory.get('demo.adminKey') ?? (await setUp(cloud));
  memory.put('demo.adminKey', adminKey);
  const { put, post } = asAdmin(baseUrl, adminKey);

  for (const [id, calendar] of Object.entries(calendars)) await put(`/v1/calendars/${id}`, calendar);
  const people: { id: string; name: string; phone: string }[] = [];
  for (const person of [...onCall, ...agents]) {
    const { id } = await post<{ id: string }>('/v1/staff', person, person.email);
    people.push({ id, name: person.name, phone: person.phone ?? '' });
  }
  const [dana, eli] = people;
  const agent = people[onCall.length];
  for (const [id, schedule] of Object.entries(schedules(dana?.id ?? '', eli?.id ?? ''))) {
    await put(`/v1/schedules/${id}`, schedule);
  }
  await put('/v1/policies/default', policy);
  await put('/v1/provider', provider);
  for (const plan of plans) await post('/v1/plans', plan, plan.id);
  for (const partner of partners) await post('/v1/partners', partner, partner.id);
  for (const [id, service] of Object.entries(services)) await put(`/v1/services/${id}`, service);

  const key = async (body: object, name: string) =>
    (await post<{ key: string }>('/v1/api-keys', body, `key-${name}`)).key;
  await verifyPhones(cloud, people.slice(0, onCall.length), post);
  const [first, other] = partners;
  return {
    baseUrl,
    partnerId: first?.id ?? '',
    partnerKey: await key({ partner: first?.id, scopes: partnerScopes }, 'partner'),
    otherPartnerKey: await key({ partner: other?.id, scopes: partnerScopes }, 'other'),
    staffKey: await key({ staff: agent?.id, scopes: agentScopes }, 'agent'),
    adminKey,
    engineers: people.slice(0, onCall.length),
  };
}

/** As on the first day: everybody is asked by SMS and answers. Then the phones are empty again. */
async function verifyPhones(
  cloud: Cloud,
  people: readonly { id: string; phone: string }[],
  post: (path: string, body: object, once: string) => Promise<unknown>,
): Promise<void> {
  for (const { id } of people) await post(`/v1/staff/${id}/verify`, {}, `verify-${id}`);
  await cloud.settle();
  for (const { phone } of people) cloud.text(phone, 'ok');
  await cloud.settle();
  cloud.parts.carrier.forget();
}

async function setUp(cloud: Cloud): Promise<string> {
  const outcome = await cloud.invoke('setup', { name: 'Demo administrator', email: 'admin@harbor.example' });
  const answer: { key?: string } | null = outcome.ok ? JSON.parse(outcome.payload) : null;
  if (answer?.key) return answer.key;
  throw new CannotStart(
    outcome.ok
      ? 'DATA_DIR was set up without its demo provider. Remove it to start afresh, or DEMO=0 npm start.'
      : `The setup function failed: ${outcome.error.errorMessage}`,
  );
}

function asAdmin(baseUrl: string, key: string) {
  const call = async <T>(method: string, path: string, body: object, once?: string): Promise<T> => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(once !== undefined && { 'idempotency-key': `demo-${once}` }),
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok)
      throw new CannotStart(`The demo provider: ${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  return {
    put: (path: string, body: object) => call('PUT', path, body),
    post: <T>(path: string, body: object, once: string) => call<T>('POST', path, body, once),
  };
}
