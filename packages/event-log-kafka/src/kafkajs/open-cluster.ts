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

const lines = new WeakMap<Cluster, Lines>();

/** Connections and metadata of its own. Does not connect yet. */
export function openCluster(connection: KafkaConnection, requestTimeoutMs: number): Cluster {
  const own = new Lines();
  const logger = connection.logger ?? silent;
  const cluster = new kafkajs.Cluster({
    // What breaks because it is being closed is no news.
    logger: rootLogger({
      warn: (message, fields) => {
        if (!own.closed) logger.warn(message, fields);
      },
    }),
    socketFactory: (options: SocketOptions) => own.open(options),
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
  lines.set(cluster, own);
  return cluster;
}

/**
 * Gives every connection back, and lets none be made any more: who still works with the cluster, or is only now being connected, gets an
 * error. kafkajs waits for outstanding answers without end; here they are given up after a while.
 */
export async function closeCluster(cluster: Cluster): Promise<void> {
  const own = lines.get(cluster);
  own?.close();
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
    for (const each of broker.connectionPool.pool) each.rejectRequests(new Error('the connection is closed'));
  }
  own?.cut();
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

/** The sockets of one cluster. kafkajs forgets a socket that it replaces or that connects late, and would leave it open. */
class Lines {
  readonly #sockets = new Set<net.Socket>();
  readonly #connecting = new Set<net.Socket>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  open(options: SocketOptions): net.Socket {
    if (this.#closed) throw closedError();
    const socket = promptSocket({
      ...options,
      onConnect: () => {
        this.#connecting.delete(socket);
        options.onConnect();
      },
    });
    this.#sockets.add(socket);
    this.#connecting.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#connecting.delete(socket);
    });
    return socket;
  }

  /** What is connected may still say goodbye. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#connecting) socket.destroy(closedError());
  }

  cut(): void {
    // With an error: only then does kafkajs tell those who wait, and stop its timers.
    for (const socket of this.#sockets) socket.destroy(closedError());
  }
}

function closedError(): Error {
  return new Error('the connection is closed');
}

/** As kafkajs makes it, and without Nagle's delay: requests are small and somebody waits for each. */
function promptSocket({ host, port, ssl, onConnect }: SocketOptions): net.Socket {
  const servername = net.isIP(host) ? {} : { servername: host };
  const socket = ssl ? tls.connect({ host, port, ...servername, ...ssl }, onConnect) : net.connect({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

function rootLogger(logger: Pick<KafkaLogger, 'warn'>): { namespace(name: string): object } {
  return kafkajs.createLogger({ level: kafkajs.logLevel.WARN, logCreator: logTo(logger) });
}

const REPEAT_AFTER_MS = 10_000;

/**
 * kafkajs reports each failed attempt as an error; whether it is one is decided by who made the attempt. The same message is passed on
 * once in ten seconds: a broker that is away would fill the log.
 */
export function logTo(logger: Pick<KafkaLogger, 'warn'>): logCreator {
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
