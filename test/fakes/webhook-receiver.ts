import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  delayMs?: number;
  bodyBytes?: number;
  body?: string;
}

/** A receiver under the one local origin that stage `local` allows. */
export interface WebhookReceiver {
  origin: string;
  received: Received[];
  /** How it answers until told otherwise: always so, or by the request. */
  answer: Answer | ((request: Received) => Answer);
  close(): Promise<void>;
}

export async function webhookReceiver(): Promise<WebhookReceiver> {
  const state: Pick<WebhookReceiver, 'received' | 'answer'> = { received: [], answer: { status: 204 } };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    state.received.push(received);
    const { status, headers, delayMs, bodyBytes, body } =
      typeof state.answer === 'function' ? state.answer(received) : state.answer;
    if (delayMs) await sleep(delayMs);
    response.writeHead(status, headers);
    response.end(bodyBytes ? 'x'.repeat(bodyBytes) : body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return Object.assign(state, {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  });
}
