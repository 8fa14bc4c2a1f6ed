import { createServer, type Server, type Socket } from 'node:net';

/** A server that answers a request as no receiver should. */
export interface BadReceiver {
  /** Its origin, under the one name that stage `local` allows. */
  origin: string;
  /** How many connections it had. */
  connections: number;
  close(): Promise<void>;
}

const head = (status: string, ...headers: string[]): string =>
  [`HTTP/1.1 ${status}`, ...headers, '', ''].join('\r\n');

/** What it does once it has read a request. */
export const misbehaviours = {
  garbage: (socket: Socket) => socket.end('\u0000\u0001 this is not HTTP \r\n\r\n'),
  'an SSH banner': (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'headers without end': (socket: Socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    every(socket, 1, `x-more: ${'x'.repeat(1000)}\r\n`);
  },
  'two different lengths': (socket: Socket) =>
    socket.end(`${head('200 OK', 'content-length: 5', 'content-length: 7')}hello`),
  'a close without a word': (socket: Socket) => socket.end(),
  'a reset': (socket: Socket) => socket.resetAndDestroy(),
  'a close amid the headers': (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le'),
  'a close amid the body': (socket: Socket) =>
    socket.end(`${head('200 OK', 'content-length: 100')}only so much`),
  'a stream without end': (socket: Socket) => {
    socket.write(head('200 OK', 'content-type: text/plain'));
    every(socket, 1, 'x'.repeat(10_000));
  },
  'a body that drips without end': (socket: Socket) => {
    socket.write(head('200 OK', 'content-type: text/plain'));
    every(socket, 50, '.');
  },
  'an error that drips without end': (socket: Socket) => {
    socket.write(head('503 Busy', 'retry-after: 7'));
    every(socket, 50, '.');
  },
  'no answer': () => {},
  'headers that drip without end': (socket: Socket) => every(socket, 100, 'H'),
  'a 200 after the time-out': (socket: Socket) => {
    setTimeout(() => socket.end(head('200 OK', 'content-length: 0')), 1500).unref();
  },
  'a redirect': (socket: Socket) =>
    socket.end(head('302 Found', 'location: http://127.0.0.1/local/clock', 'content-length: 0')),
  'an interim answer without a final one': (socket: Socket) => socket.write(head('102 Processing')),
  'an upgrade': (socket: Socket) =>
    socket.end(head('101 Switching Protocols', 'upgrade: x', 'connection: upgrade')),
} as const;

function every(socket: Socket, ms: number, text: string): void {
  const timer = setInterval(() => socket.write(text), ms);
  socket.on('close', () => clearInterval(timer));
}

export async function badReceiver(behave: (socket: Socket) => unknown): Promise<BadReceiver> {
  const open = new Set<Socket>();
  const state = { connections: 0 };
  const server: Server = createServer((socket) => {
    state.connections += 1;
    open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    socket.once('data', () => behave(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return Object.assign(state, {
    origin: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  });
}
