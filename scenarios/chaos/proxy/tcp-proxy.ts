import { connect, createServer } from 'node:net';

import { Lane } from './lane.ts';
import { calm, type Weather } from './weather.ts';

export interface TcpProxySettings {
  /** Where connections are passed on to, of 127.0.0.1. */
  readonly targetPort: number;
  /** Who a connection belongs to, from the first bytes that its client sends. */
  readonly ownerOf?: (first: Buffer) => string;
  readonly random?: () => number;
}

/** A way to a server on which connections can be slowed, held, cut and robbed of answers. */
export interface TcpProxy {
  readonly port: number;
  /** From now on, for connections that are there and for new ones; of these owners only when named. Replaces what was set before. */
  set(weather: Weather, owners?: readonly string[]): void;
  /** Nothing happens any more; what was held comes through. */
  calm(): void;
  readonly counts: { readonly connections: number; readonly answersDropped: number; readonly resets: number };
  close(): Promise<void>;
}

interface Connection {
  owner: string;
  reset(): void;
}

/** Listens on a free port of 127.0.0.1. */
export async function startTcpProxy({ targetPort, ownerOf = () => '', random = Math.random }: TcpProxySettings): Promise<TcpProxy> {
  const counts = { connections: 0, answersDropped: 0, resets: 0 };
  const connections = new Set<Connection>();
  let current: { readonly weather: Weather; readonly owners: readonly string[] | undefined } = { weather: calm, owners: undefined };
  let tell: () => void = () => undefined;
  let changed = new Promise<void>((resolve) => (tell = resolve));

  const change = (weather: Weather, owners?: readonly string[]): void => {
    current = { weather, owners };
    tell();
    changed = new Promise<void>((resolve) => (tell = resolve));
  };

  const server = createServer({ allowHalfOpen: true }, (client) => {
    counts.connections += 1;
    const upstream = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const connection: Connection = {
      owner: '',
      reset: () => {
        client.resetAndDestroy();
        upstream.resetAndDestroy();
      },
    };
    connections.add(connection);
    const weather = (): Weather => (current.owners === undefined || current.owners.includes(connection.owner) ? current.weather : calm);
    const common = { weather, changed: () => changed, random };
    const up = new Lane({ from: client, to: upstream, way: 'to-server', ...common });
    const down = new Lane({ from: upstream, to: client, way: 'to-client', ...common });
    const cut = (count: 'resets' | 'answersDropped'): void => {
      counts[count] += 1;
      connection.reset();
    };
    client.once('data', (first) => (connection.owner = ownerOf(first)));
    client.on('data', (bytes) => (weather().reset === true ? cut('resets') : up.push(bytes)));
    upstream.on('data', (bytes) => (random() < (weather().answersDropped ?? 0) ? cut('answersDropped') : down.push(bytes)));
    client.on('end', () => up.end());
    upstream.on('end', () => down.end());
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.setNoDelay(true);
      one.on('error', () => undefined); // its close says all that matters
      one.on('close', (failed) => {
        connections.delete(connection);
        if (failed) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as { readonly port: number }).port,
    set: change,
    calm: () => change(calm),
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const each of connections) each.reset();
      }),
  };
}
