import net from 'node:net';
import tls from 'node:tls';
import type { logCreator } from 'kafkajs';
import { kafkajs, type Broker, type Cluster } from './internals.ts';
import { silent, type KafkaConnection, type KafkaLogger } from '../settings.ts';

const METADATA_MAX_AGE_MS = 60_000;
const CONNECTION_TIMEOUT_MS = 3_000;
const DISCONNECT_DEADLINE_MS = 2_000;
const KEEP_ALIVE_MS = 60_000;

/** Short: whoever uses a cluster goes on trying by itself, for as long as it wants. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3, factor: 0.2, multiplier: 2 };

/** Connections and metadata of its own. Does not connect yet. */
export function openCluster(connection: KafkaConnection, requestTimeoutMs: number): Cluster {
  return new kafkajs.Cluster({
    logger: rootLogger(connection.logger ?? silent),
    socketFactory: promptSocket,
    brokers: [...connection.brokers],
    ssl: connection.ssl === true ? {} : connection.ssl || null,
    sasl: connection.sasl ?? null,
    clientId: connection.clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    authenticationTimeout: 10_000,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retry: RETRY,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    isolationLevel: 0,
    offsets: new Map(),
  });
}

/** Gives every connection back. kafkajs waits for outstanding answers without end; here they are given up after a while. */
export async function closeCluster(cluster: Cluster): Promise<void> {
  const brokers = brokersOf(cluster);
  for (const broker of brokers) {
    // A fetch waits for records that nobody wants any more.
    broker.connectionPool.pool[1]?.rejectRequests(new Error('the connection is being closed'));
  }
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DISCONNECT_DEADLINE_MS);
  });
  await Promise.race([cluster.disconnect().catch(() => {}), tooLate]);
  clearTimeout(timer);
  for (const broker of brokers) {
    for (const each of broker.connectionPool.pool) {
      each.rejectRequests(new Error('the connection is closed'));
      each.socket?.destroy();
    }
  }
}

function brokersOf(cluster: Cluster): readonly Broker[] {
  const { brokers, seedBroker } = cluster.brokerPool;
  return [...new Set([...Object.values(brokers), ...(seedBroker ? [seedBroker] : [])])];
}

interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly ssl: tls.ConnectionOptions | null;
  readonly onConnect: () => void;
}

/** As kafkajs makes it, and without Nagle's delay: requests are small and somebody waits for each. */
function promptSocket({ host, port, ssl, onConnect }: SocketOptions): net.Socket {
  const servername = net.isIP(host) ? {} : { servername: host };
  const socket = ssl ? tls.connect({ host, port, ...servername, ...ssl }, onConnect) : net.connect({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

function rootLogger(logger: KafkaLogger): { namespace(name: string): object } {
  return kafkajs.createLogger({ level: kafkajs.logLevel.WARN, logCreator: logTo(logger) });
}

const REPEAT_AFTER_MS = 10_000;

/**
 * kafkajs reports each failed attempt as an error; whether it is one is decided by who made the attempt. The same message is passed on
 * once in ten seconds: a broker that is away would fill the log.
 */
export function logTo(logger: KafkaLogger): logCreator {
  const saidAt = new Map<string, number>();
  return () => (entry) => {
    const { message, error, broker, groupId } = entry.log;
    const now = Date.now();
    if (now - (saidAt.get(message) ?? 0) < REPEAT_AFTER_MS) return;
    if (saidAt.size > 100) saidAt.clear();
    saidAt.set(message, now);
    logger.warn(`kafkajs: ${message}`, { namespace: entry.namespace, error, broker, groupId });
  };
}
