import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A name server on this machine: tells the addresses that it knows, and is silent about a name that hangs. */
export async function nameServer(known: Record<string, string[] | 'hangs'>) {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (query, from) => {
    asked++;
    const { name, end } = nameIn(query);
    const addresses = known[name] ?? [];
    if (addresses === 'hangs') return;
    const isFour = query.readUInt16BE(end) === 1;
    const records = isFour ? addresses.map(record) : [];
    const header = Buffer.from(query.subarray(0, 12));
    // An answer without error, to one question.
    header.writeUInt16BE(0x8180, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    socket.send(Buffer.concat([header, query.subarray(12, end + 4), ...records]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked: () => asked,
    close: () => void socket.close(),
  };
}

function nameIn(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString());
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** Of the name in question: an address of IPv4, good for a minute. */
function record(address: string): Buffer {
  const head = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
  return Buffer.concat([head, Buffer.from(address.split('.').map(Number))]);
}
