import { expect } from 'vitest';
import { catalogue } from '../../shared/contract/events/catalogue.ts';
import type { EventType } from '../../shared/contract/words.ts';
import type { Answer, Api } from './api.ts';

/** Every event of every ticket, as webhooks tell it, is what the catalogue says of its type, and nothing else. */
export async function asCatalogued(staff: Api): Promise<void> {
  for await (const { number } of all<{ number: string }>(staff, 'v1/tickets?limit=100'))
    for await (const event of all<{ type: EventType; data: unknown }>(
      staff,
      `v1/tickets/${number}/events?limit=100`,
    ))
      expect(catalogue[event.type].data().parse(event.data), event.type).toEqual(event.data);
}

async function* all<T>(api: Api, path: string): AsyncGenerator<T> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const answer: Answer<{ data: T[]; nextCursor: string | null }> = await api('GET', `/${path}${next}`);
    expect(answer.status).toBe(200);
    yield* answer.body.data;
    cursor = answer.body.nextCursor;
  }
}
