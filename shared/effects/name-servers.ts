import { type LookupAddress, promises } from 'node:dns';

/** So long a name server is waited for, and then asked once more. */
const timeouts = { timeout: 1000, tries: 2 };

/**
 * Asks the system's name servers themselves. `dns.lookup` would ask through four threads that the whole process
 * shares: four names whose servers do not answer would hold up everybody else's. IPv4 first, since a Lambda
 * outside a VPC has no way out by IPv6.
 */
export const askNameServers = nameServers(new promises.Resolver(timeouts));

/** All addresses of a name that these servers know. Where one kind cannot be had, the other alone. @throws when there is none */
export function nameServers(resolver: Pick<promises.Resolver, 'resolve4' | 'resolve6'>) {
  return async (hostname: string): Promise<LookupAddress[]> => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [
      ...(four.status === 'fulfilled' ? four.value : []).map((address) => ({ address, family: 4 })),
      ...(six.status === 'fulfilled' ? six.value : []).map((address) => ({ address, family: 6 })),
    ];
  };
}
