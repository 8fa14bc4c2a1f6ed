import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CannotStart, messageOf } from '../words.ts';

/** Handles a request of somebody on this machine. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The server of the local cloud, on the loopback addresses of this machine only. */
export interface LocalServer {
  readonly port: number;
  /** Until then every request waits. */
  open(handler: Handler): void;
  close(): Promise<void>;
}

/** Listens on this port, or on a free one for 0. */
export async function listen(port: number, report: (line: string) => void): Promise<LocalServer> {
  let opened: (handler: Handler) => void = () => {};
  const handler = new Promise<Handler>((resolve) => {
    opened = resolve;
  });
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      await (await handler)(request, response);
    } catch (error) {
      // The client hung up, or something here is wrong, which the terminal should show.
      if (request.destroyed && !request.complete) return;
      report(`${request.method} ${request.url}: ${messageOf(error)}`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  };
  const first = await bind(createServer(onRequest), port, '127.0.0.1');
  if (!first) throw new CannotStart('This machine has no address 127.0.0.1.');
  const chosen = portOf(first);
  // `localhost` may mean either.
  const second = await bind(createServer(onRequest), chosen, '::1');
  const servers = second ? [first, second] : [first];
  return {
    port: chosen,
    open: opened,
    async close() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
}

/** Null where the machine does not have this address. */
async function bind(server: Server, port: number, host: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') return resolve(null);
      if (error.code !== 'EADDRINUSE') return reject(error);
      reject(new CannotStart(`Port ${port} is taken. Choose another: PORT=${port + 1} npm start`));
    });
    server.listen(port, host, () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
