import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { startKafkaCluster, type KafkaCluster } from '@instep/embedded-kafka';
import { createDatabase } from '@instep/embedded-postgres';
import { toolchainDir, type Platform } from '@instep/platform';

import { ownerAtKafka, ownerAtPostgres } from '../proxy/owners.ts';
import { startTcpProxy, type TcpProxy } from '../proxy/tcp-proxy.ts';
import { startDatabaseServer, type DatabaseServer } from './database-server.ts';
import { smallDisk, type SmallDisk } from './small-disk.ts';

export type GroundKind = 'one-broker' | 'three-brokers' | 'small-disks';

/** What a company stands on, each part within reach: brokers, database, and the ways to them. */
export interface Ground {
  readonly kind: GroundKind;
  readonly cluster: KafkaCluster;
  readonly database: DatabaseServer;
  /** To each broker, in the order of their ids. */
  readonly toBrokers: readonly TcpProxy[];
  readonly toDatabase: TcpProxy;
  /** Of the small-disks ground only. */
  readonly disks: { readonly broker: SmallDisk; readonly database: SmallDisk } | undefined;
  /** As the services see it: through the proxies. */
  readonly platform: Platform;
  /** The same database without the proxy. */
  directly(databaseUrl: string): string;
  stop(): Promise<void>;
}

/** Megabytes: room for a few thousand orders, and no more than a moment to fill. */
const diskMb = { broker: 400, database: 900 };

export async function startGround(kind: GroundKind, dataDir: string): Promise<Ground> {
  mkdirSync(dataDir, { recursive: true });
  const ends: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return await begin(kind, dataDir, ends, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function begin(kind: GroundKind, dataDir: string, ends: (() => Promise<void> | void)[], stop: () => Promise<void>): Promise<Ground> {
  const logDir = join(dataDir, 'logs');
  const toBrokers: TcpProxy[] = [];
  const disk = (name: 'broker' | 'database'): SmallDisk => {
    const made = smallDisk(join(dataDir, `disk-of-${name}`), diskMb[name]);
    ends.push(() => made.remove());
    return made;
  };
  const disks = kind === 'small-disks' ? { broker: disk('broker'), database: disk('database') } : undefined;

  const starting = await Promise.allSettled([
    startKafkaCluster({
      size: kind === 'three-brokers' ? 3 : 1,
      dataDir: join(disks?.broker.folder ?? dataDir, 'kafka'),
      logDir,
      jarsDir: join(toolchainDir, 'kafka'),
      advertise: async (port) => {
        const proxy = await startTcpProxy({ targetPort: port, ownerOf: ownerAtKafka });
        toBrokers.push(proxy);
        ends.push(() => proxy.close());
        return proxy.port;
      },
    }).then((started) => {
      ends.push(() => started.stop());
      return started;
    }),
    startDatabaseServer({ dataDir: join(disks?.database.folder ?? dataDir, 'postgres'), logFile: join(logDir, 'postgres.log') }).then(
      (started) => {
        ends.push(() => started.stop());
        return started;
      },
    ),
  ]);
  const [cluster, database] = starting.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  }) as [KafkaCluster, DatabaseServer];
  const toDatabase = await startTcpProxy({ targetPort: database.port, ownerOf: ownerAtPostgres });
  ends.push(() => toDatabase.close());

  const serverUrl = (port: number): string => `postgres://postgres@127.0.0.1:${String(port)}/postgres`;
  const at = (url: string, port: number): string => {
    const address = new URL(url);
    address.port = String(port);
    return address.href;
  };
  const platform: Platform = {
    brokers: cluster.brokers,
    databaseUrl: serverUrl(toDatabase.port),
    parts: [],
    createDatabase: async (name) => at(await createDatabase(serverUrl(database.port), name), toDatabase.port),
    stop,
  };
  return { kind, cluster, database, toBrokers, toDatabase, disks, platform, directly: (url) => at(url, database.port), stop };
}
