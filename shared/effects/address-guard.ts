import type { LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { askNameServers } from './name-servers.ts';

/**
 * Webhooks go to the open internet only. What a name resolves to can change between a check and the
 * connection, so the same rule is asked three times: of a literal address before, of every address that
 * the name resolves to (one bad one refuses all), and of the address that the socket got.
 */

export interface GuardOptions {
  /**
   * Only stage `local` has it: the origin, such as `http://localhost:4000`, whose `/local/hooks/`
   * may be reached over plain HTTP under both of its names, `localhost` and `127.0.0.1`.
   */
  localOrigin: string | null;
  /** Resolves a name to all of its addresses; the name servers unless a test says otherwise. */
  resolve?: Resolve;
  /** A name that has no address yet is accepted. */
  atCreation?: boolean;
}

export type Resolve = (hostname: string) => Promise<LookupAddress[]>;

/** `unresolved`: the name has no address now. */
export type Checked = { ok: true } | { ok: false; because: string; unresolved: boolean };

/** Thrown while connecting; `because` may be shown to whoever configured the address. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
  readonly because: string;
  /** The name has no address now; that may change, and says nothing of what it will be. */
  readonly unresolved: boolean;

  constructor(because: string, unresolved = false) {
    super(because);
    this.because = because;
    this.unresolved = unresolved;
  }
}

/** Whether an IP address belongs to the open internet. IPv6: only global unicast, 2000::/3. */
export function isPublicAddress(address: string): boolean {
  const bare = unbracketed(address);
  if (!isIP(bare)) return false;
  const parsed = ipaddr.parse(bare);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed.toByteArray()[0] ?? 0) >> 5 === 1;
}

/** How long a name's addresses are waited for. */
const resolveMs = 3000;

/**
 * Whether a webhook may be sent there, as far as can be known now. At creation a name that has no address yet
 * is accepted: each attempt asks again, and then it is refused.
 */
export async function checkWebhookUrl(url: string, options: GuardOptions): Promise<Checked> {
  const checked = checkWebhookForm(url, options.localOrigin);
  if (!checked.ok) return checked;
  const parsed = new URL(url);
  if (isLocalHook(parsed, options.localOrigin) || isIP(unbracketed(parsed.hostname))) return checked;
  try {
    await resolvePublic(parsed.hostname, options.resolve ?? askNameServers);
    return checked;
  } catch (error) {
    if (!(error instanceof AddressRefused)) throw error;
    if (error.unresolved && options.atCreation) return { ok: true };
    return refused(error.because, error.unresolved);
  }
}

/** What can be said without asking anybody; whoever connects asks for the name's addresses through `guardedLookup`. */
export function checkWebhookForm(url: string, localOrigin: string | null): Checked {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) return refused('This is not a URL.');
  const because = isLocalHook(parsed, localOrigin) ? null : whyNotByForm(parsed);
  return because ? refused(because) : { ok: true };
}

const refused = (because: string, unresolved = false): Checked => ({ ok: false, because, unresolved });

/** The local cloud's own receiver: the one exception to the rule, and only when the stage configures it. */
export function isLocalHook(url: URL, localOrigin: string | null): boolean {
  if (!localOrigin) return false;
  const origin = new URL(localOrigin);
  return (
    url.protocol === 'http:' &&
    origin.protocol === 'http:' &&
    ['localhost', '127.0.0.1'].includes(url.hostname) &&
    ['localhost', '127.0.0.1'].includes(origin.hostname) &&
    url.port === origin.port &&
    !url.username &&
    !url.password &&
    url.pathname.startsWith('/local/hooks/')
  );
}

function whyNotByForm(url: URL): string | null {
  if (url.protocol !== 'https:') return 'Webhooks are sent over HTTPS only.';
  if (url.username || url.password) return 'The URL holds a user name or password.';
  const host = unbracketed(url.hostname);
  return isIP(host) ? whyNotAddress(host) : whyNotName(host);
}

/**
 * Names that mean something inside of networks alone, whatever is answered for them here: special use (RFC 6761, 6762,
 * 7686, 8375, 9476), `internal` (reserved by ICANN in 2024), and a label by itself. `example` leads nowhere by itself.
 */
const insideOnly = /(^|\.)(localhost|localdomain|local|internal|home\.arpa|test|invalid|onion|alt)$/;

function whyNotName(host: string): string | null {
  const name = host.replace(/\.$/, '');
  return name.includes('.') && !insideOnly.test(name) ? null : 'It is not a name of the public internet.';
}

function whyNotAddress(address: string): string | null {
  return isPublicAddress(address) ? null : 'It is not an address of the public internet.';
}

async function resolvePublic(hostname: string, resolve: Resolve): Promise<LookupAddress[]> {
  let found: LookupAddress[];
  try {
    found = await inTime(resolve(hostname));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new AddressRefused(`The name cannot be resolved (${code}).`, true);
  }
  if (!found.length) throw new AddressRefused('The name has no address.', true);
  if (!found.every(({ address }) => isPublicAddress(address)))
    throw new AddressRefused('The name resolves to an address that is not of the public internet.');
  return found;
}

function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(Object.assign(new Error('no answer'), { code: 'ETIMEOUT' })),
    resolveMs,
  );
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** For the `lookup` of a socket: hands on only names that resolve to public addresses alone. */
export function guardedLookup(resolve: Resolve = askNameServers): LookupFunction {
  return (hostname, options, callback) => {
    resolvePublic(hostname, resolve).then(
      (found) => {
        const [first] = found;
        if (options.all) callback(null, found);
        else callback(null, first?.address ?? '', first?.family ?? 0);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

interface Connection {
  remoteAddress?: string | undefined;
  destroy(error?: Error): unknown;
}

type Connected<S> = (...args: [error: Error, socket: null] | [error: null, socket: S]) => void;

/**
 * Around a connector whose `lookup` is guarded: a literal never reaches `lookup`, so it is asked about
 * before; and whatever happened in between, the socket's own peer is asked about after.
 */
export function guardConnector<O extends { hostname: string }, S extends Connection>(
  connect: (options: O, callback: Connected<S>) => unknown,
): (options: O, callback: Connected<S>) => void {
  return (options, callback) => {
    const host = unbracketed(options.hostname);
    const because = isIP(host) ? whyNotAddress(host) : null;
    if (because) return callback(new AddressRefused(because), null);
    connect(options, (...args) => {
      const [, socket] = args;
      if (!socket || isPublicAddress(socket.remoteAddress ?? '')) return callback(...args);
      const refused = new AddressRefused(
        'The connection led to an address that is not of the public internet.',
      );
      socket.destroy(refused);
      callback(refused, null);
    });
  };
}

function unbracketed(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}
