import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type * as KafkaJs from 'kafkajs';

/**
 * The one file that reaches below the public surface of kafkajs: connections, cluster metadata, group membership. Its own consumer runner
 * and producer are not used: they lose records in two cases, stop all partitions for one, and cost six times as much per record. kafkajs
 * has had no release since 2023 and is pinned; another version must be looked at before it may pass here.
 */
const KNOWN_VERSION = '2.2.4';

const require = createRequire(import.meta.url);

/** A request as the connection layer takes it. `buf` and `buffer` are what its encoder would have. */
export interface WireRequest<Answer> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    readonly encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer }>;
  };
  readonly response: {
    readonly decode: (payload: Buffer) => Promise<Answer & { readonly clientSideThrottleTime: number }>;
    readonly parse: (answer: Answer) => Promise<Answer>;
  };
  readonly requestTimeout?: number;
}

interface Connection {
  readonly socket?: Socket;
  rejectRequests(error: Error): void;
}

export interface Broker {
  readonly nodeId: number;
  readonly versions: Readonly<Record<number, { readonly minVersion: number; readonly maxVersion: number }>> | null;
  readonly connectionPool: { readonly pool: readonly Connection[]; send<Answer>(request: WireRequest<Answer>): Promise<Answer> };
  disconnect(): Promise<void>;
  initProducerId(request: {
    readonly transactionTimeout: number;
  }): Promise<{ readonly producerId: string; readonly producerEpoch: number }>;
  describeConfigs(request: {
    readonly resources: readonly { readonly type: number; readonly name: string; readonly configNames: readonly string[] }[];
  }): Promise<{
    readonly resources: readonly { readonly configEntries: readonly { readonly configName: string; readonly configValue: string }[] }[];
  }>;
}

export interface Cluster {
  readonly brokerPool: { readonly brokers: Readonly<Record<string, Broker>>; readonly seedBroker?: Broker };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  removeBroker(address: { readonly host: string; readonly port: number }): void;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  findBroker(query: { readonly nodeId: number | string }): Promise<Broker>;
  getNodeIds(): readonly string[];
  findTopicPartitionMetadata(topic: string): readonly { readonly partitionId: number; readonly leader: number }[];
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly fromBeginning: boolean;
      readonly partitions: readonly { readonly partition: number }[];
    }[],
  ): Promise<
    readonly { readonly topic: string; readonly partitions: readonly { readonly partition: number; readonly offset: string }[] }[]
  >;
}

export interface ConsumerGroup {
  memberId: string | null;
  readonly generationId: number | null;
  readonly offsetManager: {
    commitOffsets(offsets: {
      readonly topics: readonly {
        readonly topic: string;
        readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
      }[];
    }): Promise<void>;
  } | null;
  connect(): Promise<void>;
  joinAndSync(): Promise<void>;
  assigned(): readonly { readonly topic: string; readonly partitions: readonly number[] }[];
  heartbeat(options: { readonly interval: number }): Promise<void>;
  leave(): Promise<void>;
}

type Constructor<Options, Instance> = new (options: Options) => Instance;

interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/** What was found under kafkajs, typed. Throws where the installed version is not the known one. */
function load() {
  const { version } = require('kafkajs/package.json') as { version: string };
  if (version !== KNOWN_VERSION) {
    throw new Error(`kafkajs ${version} is installed, ${KNOWN_VERSION} is known to work: check kafkajs/internals.ts against it`);
  }
  calmRequestQueue();
  connectOnce();
  // Not by `import`: only some names of this CommonJS package can be imported.
  const { Kafka, logLevel, ConfigResourceTypes, ...names } = require('kafkajs') as typeof KafkaJs;
  const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = names;
  return {
    Kafka,
    logLevel,
    ConfigResourceTypes,
    AclOperationTypes,
    AclPermissionTypes,
    AclResourceTypes,
    ResourcePatternTypes,
    Cluster: require('kafkajs/src/cluster') as Constructor<object, Cluster>,
    ConsumerGroup: require('kafkajs/src/consumer/consumerGroup') as Constructor<object, ConsumerGroup>,
    Emitter: require('kafkajs/src/instrumentation/emitter') as Constructor<void, object>,
    roundRobin: (require('kafkajs/src/consumer/assigners') as { roundRobin: (options: object) => object }).roundRobin,
    createLogger: (require('kafkajs/src/loggers') as { createLogger: (options: object) => { namespace(name: string): object } })
      .createLogger,
    isRebalancing: (require('kafkajs/src/errors') as { isRebalancing: (error: unknown) => boolean }).isRebalancing,
  };
}

/** Every connection re-arms a timer of 1 ms for ever, also when nothing waits: 5 % of a core when idle. Only waiting requests need it. */
function calmRequestQueue(): void {
  const { prototype } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  const schedule = prototype.scheduleCheckPendingRequests;
  if (typeof schedule !== 'function') throw new Error('kafkajs has no RequestQueue.scheduleCheckPendingRequests to patch');
  prototype.scheduleCheckPendingRequests = function scheduleWhenPending(this: RequestQueue) {
    if (this.pending.length > 0) schedule.call(this);
  };
}

interface ReceivingConnection {
  bytesBuffered: number;
  bytesNeeded: number;
  chunks: Buffer[];
  isConnected(): boolean;
  connect(): Promise<unknown>;
}

const BYTES_OF_A_LENGTH = 4;

/**
 * Two defects of a connection of kafkajs. Asked to connect while it is connecting, it opens a second socket and forgets the first, which
 * stays open for ever: two reads at once are enough. And it keeps what it had of an answer when it broke, and takes the first bytes of the
 * next socket for the rest of it: from then on no answer is understood, and every request through it times out for ever.
 */
function connectOnce(): void {
  const { prototype } = require('kafkajs/src/network/connection') as { prototype: ReceivingConnection };
  const connect = prototype.connect;
  if (typeof connect !== 'function') throw new Error('kafkajs has no Connection.connect to patch');
  const underWay = new WeakMap<ReceivingConnection, Promise<unknown>>();
  prototype.connect = function connectAnew(this: ReceivingConnection) {
    const already = underWay.get(this);
    if (already) return already;
    if (!this.isConnected()) Object.assign(this, { bytesBuffered: 0, bytesNeeded: BYTES_OF_A_LENGTH, chunks: [] });
    const connecting = connect.call(this).finally(() => underWay.delete(this));
    underWay.set(this, connecting);
    return connecting;
  };
}

export const kafkajs = load();
