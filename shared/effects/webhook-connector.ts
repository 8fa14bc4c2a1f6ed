import { buildConnector } from 'undici';
import { guardConnector, guardedLookup, type Resolve } from './address-guard.ts';

type Connector = buildConnector.connector;
/** Tells of the address that was reached, also when no encryption could then be agreed on. */
type Seen = (remoteAddress: string) => void;
type ConnectorTo = (options: buildConnector.Options, callback: buildConnector.Callback, seen: Seen) => void;

/** Ways to a receiver: the open internet by the address guard; this machine's own hooks without it. */
export function connectorTo(to: {
  timeOutMs: number;
  resolve: Resolve | undefined;
}): Record<'open' | 'local', ConnectorTo> {
  const { timeOutMs: timeout, resolve } = to;
  const guarded = guardConnector(buildConnector({ timeout, lookup: guardedLookup(resolve) }));
  const encrypt = buildConnector({ timeout });
  return {
    open: inTwoSteps(guarded, encrypt),
    local: inTwoSteps(buildConnector({ timeout }), encrypt),
  };
}

/** First the connection, then, where that is asked for, its encryption: so whoever fails at it is known by its address. */
export function inTwoSteps(connect: Connector, encrypt: Connector): ConnectorTo {
  return (options, callback, seen) => {
    const isEncrypted = options.protocol === 'https:';
    const plain = { ...options, protocol: 'http:', port: options.port || (isEncrypted ? '443' : '80') };
    connect(plain, (...answer) => {
      const [, socket] = answer;
      if (socket?.remoteAddress) seen(socket.remoteAddress);
      if (!socket || !isEncrypted) return callback(...answer);
      encrypt({ ...options, httpSocket: socket }, (...encrypted) => {
        if (encrypted[0]) socket.destroy();
        callback(...encrypted);
      });
    });
  };
}
