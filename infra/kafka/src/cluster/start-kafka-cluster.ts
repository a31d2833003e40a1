import { execFile } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '@instep/local-process';
import { javaArguments, startBroker, type Jvm } from '../broker-process.ts';
import { logging, serverProperties } from '../broker-settings.ts';
import { newKafkaId } from '../kafka-id.ts';
import { pomFile } from '../pom.ts';
import { prepareKafka } from '../prepare-kafka.ts';
import { kafkaNode, type KafkaNode } from './kafka-node.ts';
import { activeController, deleteGroup, deleteTopic, makeTopic, partitionsSeenBy, type PartitionState } from './questions.ts';

const run = promisify(execFile);

export type KafkaClusterOptions = {
  /** 1, or 3: then topics have three copies and two must have a record before it counts. */
  readonly size: 1 | 3;
  /** Must be empty: a cluster is made anew each time. */
  readonly dataDir: string;
  readonly logDir: string;
  /** Jars, formatted storage and class archive; kept between runs, filled when empty. */
  readonly jarsDir: string;
  readonly javaHome?: string;
  readonly heapMb?: number;
  /** Where clients of a broker are told to come, given its own port: that of a proxy, for example. Default: its own. */
  readonly advertise?: (port: number) => Promise<number>;
  readonly onStep?: (line: string) => void;
};

export type KafkaCluster = {
  /** For `bootstrap.servers`: the advertised addresses. */
  readonly brokers: string;
  readonly nodes: readonly KafkaNode[];
  node(id: number): KafkaNode;
  partitions(): Promise<readonly PartitionState[]>;
  leaderOf(topic: string, partition: number): Promise<KafkaNode>;
  controller(): Promise<KafkaNode>;
  /** Resolves when every node runs and every partition has a leader and all its copies in sync. Rejects after the deadline. */
  whole(deadlineMs: number): Promise<void>;
  /** With as many copies as the cluster keeps. Resolves when every broker that runs knows it: the controller alone does at first. */
  makeTopic(topic: string, partitions: number): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  deleteGroup(group: string): Promise<void>;
  stop(): Promise<void>;
};

const startDeadlineMs = 90_000;
const topicDeadlineMs = 30_000;
const lookAgainMs = 200;

/**
 * Starts Kafka on 127.0.0.1 as one node or as three, each broker and controller, and resolves when all serve. They end with this process.
 * Made for tests that kill, freeze and restart nodes. Errors: `PlatformFault`, as `startKafka`.
 */
export async function startKafkaCluster(options: KafkaClusterOptions): Promise<KafkaCluster> {
  const { size, jarsDir, dataDir, heapMb = 384 } = options;
  const toolchain = await prepareKafka({ ...options, pom: pomFile });
  mkdirSync(dataDir, { recursive: true });
  const loggingFile = join(dataDir, 'log4j2.properties');
  writeFileSync(loggingFile, logging);
  const jvm: Jvm = { java: toolchain.java, jarsDir, loggingFile };
  const members = await plannedMembers(options);
  await format(jvm, members);

  const archive = statSync(toolchain.classArchive).size > 0 ? [`-XX:SharedArchiveFile=${toolchain.classArchive}`] : [];
  const nodes = members.map(({ id, port, properties }) => {
    const logFile = join(options.logDir, `kafka-${id}.log`);
    return kafkaNode({ id, port, logFile }, () =>
      startBroker({ jvm, options: ['-Xms64m', `-Xmx${heapMb}m`, ...archive], properties, port, logFile, deadlineMs: startDeadlineMs }),
    );
  });
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    await Promise.all(nodes.map((node) => node.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...questionsTo(nodes, size),
    brokers: members.map(({ advertisedPort }) => `127.0.0.1:${advertisedPort}`).join(','),
    nodes,
    stop,
  };
}

type Member = {
  readonly id: number;
  readonly port: number;
  readonly advertisedPort: number;
  readonly controllerPort: number;
  /** Kafka's id of the folder. */
  readonly directoryId: string;
  readonly properties: string;
};

async function plannedMembers({ size, dataDir, advertise }: KafkaClusterOptions): Promise<readonly Member[]> {
  const controllerPorts: number[] = [];
  for (let id = 1; id <= size; id += 1) controllerPorts.push(await freePort());
  const members: Member[] = [];
  for (const [index, controllerPort] of controllerPorts.entries()) {
    const id = index + 1;
    const [port, internalPort] = [await freePort(), await freePort()];
    const advertisedPort = (await advertise?.(port)) ?? port;
    const properties = join(dataDir, `broker-${id}.properties`);
    const logDir = join(dataDir, `storage-${id}`);
    const member = { nodeId: id, internalPort, advertisedPort, controllerPorts };
    writeFileSync(properties, serverProperties({ port, controllerPort, logDir, member }));
    members.push({ id, port, advertisedPort, controllerPort, directoryId: newKafkaId(), properties });
  }
  return members;
}

async function format(jvm: Jvm, members: readonly Member[]): Promise<void> {
  const clusterId = newKafkaId();
  const voters = members.map(({ id, controllerPort, directoryId }) => `${id}@127.0.0.1:${controllerPort}:${directoryId}`).join(',');
  await Promise.all(
    members.map(({ properties }) =>
      run(
        jvm.java.command,
        javaArguments(jvm, 'kafka.tools.StorageTool', ['format', '-t', clusterId, '-c', properties, '--initial-controllers', voters]),
      ),
    ),
  );
}

function questionsTo(nodes: readonly KafkaNode[], size: number): Omit<KafkaCluster, 'brokers' | 'nodes' | 'stop'> {
  const node = (id: number): KafkaNode => {
    const found = nodes.find((each) => each.id === id);
    if (!found) throw new Error(`there is no broker ${id}`);
    return found;
  };
  /** Of the first that answers: one that is down or frozen does not. */
  const ask = async <Told>(question: (port: number) => Promise<Told>): Promise<Told> => {
    let last: unknown = new Error('no broker runs');
    for (const { port } of nodes.filter(({ running }) => running)) {
      try {
        return await question(port);
      } catch (error) {
        last = error;
      }
    }
    throw last;
  };
  const partitions = (): Promise<readonly PartitionState[]> => ask(partitionsSeenBy);
  return {
    node,
    partitions,
    leaderOf: async (topic, partition) => {
      const found = (await partitions()).find((each) => each.topic === topic && each.partition === partition);
      if (!found || found.leader < 0) throw new Error(`${topic}/${partition} has no leader`);
      return node(found.leader);
    },
    controller: async () => node(await ask(activeController)),
    whole: async (deadlineMs) => {
      const deadline = Date.now() + deadlineMs;
      for (;;) {
        const state = await partitions().catch(() => undefined);
        const missing = state?.filter(({ leader, replicas, inSync }) => leader < 0 || inSync.length < replicas.length);
        if (missing?.length === 0 && nodes.filter(({ running }) => running).length === size) return;
        if (Date.now() > deadline) {
          const which = missing?.map(({ topic, partition }) => `${topic}/${partition}`).join(', ') ?? 'no broker answers';
          throw new Error(`the cluster is not whole after ${deadlineMs / 1000} s: ${which}`);
        }
        await pause(lookAgainMs);
      }
    },
    makeTopic: async (topic, partitions) => {
      await ask((port) => makeTopic(port, topic, partitions));
      const deadline = Date.now() + topicDeadlineMs;
      const isKnownTo = async ({ port }: KafkaNode): Promise<boolean> => {
        const known = await partitionsSeenBy(port).catch(() => []);
        return known.filter((each) => each.topic === topic).length === partitions;
      };
      for (;;) {
        const known = await Promise.all(nodes.filter(({ running }) => running).map(isKnownTo));
        if (known.every(Boolean)) return;
        if (Date.now() > deadline) throw new Error(`${topic} is not known to all brokers after ${topicDeadlineMs / 1000} s`);
        await pause(lookAgainMs);
      }
    },
    deleteTopic: (topic) => ask((port) => deleteTopic(port, topic)),
    deleteGroup: async (group) => {
      // Only the broker that keeps the group takes this.
      const errors = await Promise.all(nodes.filter(({ running }) => running).map(({ port }) => deleteGroup(port, group).catch(String)));
      if (errors.every((error) => error !== undefined)) throw new Error(errors.join('; '));
    },
  };
}
