import { topics, type ServiceName, type TopicDefinition } from '@instep/contracts';
import type { DepartmentDefinition } from '@instep/department';
import { createTopics, kafkaLog, verifyTopics, type KafkaConnection, type KafkaLogger } from '@instep/event-log-kafka';
import {
  dataSource,
  invariantWatch,
  migrate,
  postgresStore,
  requireMigrated,
  requireReadColumns,
  runtimeInvariants,
} from '@instep/postgres';
import type { Logger } from '@instep/telemetry';

import type { HostConfig } from './config.ts';
import { failingLog, failingStore } from './failing-ports.ts';
import type { Failpoints } from './failpoints.ts';
import type { Ground } from './ground.ts';
import { positionsWithinLog } from './invariants/positions-within-log.ts';
import { connectionOf } from './kafka-settings.ts';
import { catchUpService } from './rebuild/catch-up-service.ts';
import type { ServiceDefinition } from './service-definition.ts';

const SAME_WARNING_EVERY_MS = 60_000;
const MOST_WARNINGS = 100;

type Tables = Pick<ServiceDefinition, 'entities' | 'migrations' | 'invariants'>;

/** Kafka and PostgreSQL as the configuration names them, with `failpoints` around both when there are any. Connects to nothing yet. */
export function openGround(
  service: Tables,
  definition: DepartmentDefinition,
  config: HostConfig,
  logger: Logger,
  failpoints?: Failpoints,
): Ground {
  const { entities, migrations, invariants = [] } = service;
  const connection = { url: config.databaseUrl, service: definition.service, maxConnections: config.databaseConnections };
  const source = dataSource({ ...connection, entities, migrations });
  const queries = dataSource({ ...connection, entities, migrations, readsSwitchedViews: true });
  const store = postgresStore({ ...connection, tables: entities });
  const kafka = kafkaConnection(definition.service, config, logger);
  const log = kafkaLog(kafka);
  const needed = neededTopics(definition);
  const options = { replicationFactor: config.topicReplication };
  return {
    log: failpoints ? failingLog(log, failpoints) : log,
    store: failpoints ? failingStore(store, failpoints) : store,
    dataSource: queries,
    pool: store.connections,
    invariants: invariantWatch({
      ...connection,
      invariants: [...runtimeInvariants, positionsWithinLog(definition.consumer, log), ...invariants],
    }),
    prepareDatabase: async () => {
      if (config.migrateAtStart) {
        const done = await migrate(source);
        if (done.length > 0) logger.info({ migrations: done }, 'migrated');
      } else {
        await requireMigrated(source);
      }
      if (source.isInitialized) await source.destroy();
      await requireReadColumns(queries);
    },
    prepareLog: async () => {
      if (!config.createTopics) {
        await verifyTopics(kafka, needed, options);
        return;
      }
      const made = await createTopics(kafka, needed, options);
      if (made.length > 0) logger.info({ topics: made }, 'topics made');
    },
    catchUp: (steps) =>
      catchUpService({ service, definition, databaseUrl: config.databaseUrl, log, run: Date.now().toString(36), ...steps }),
    closeDatabase: async () => {
      await store.close();
      for (const each of [source, queries]) if (each.isInitialized) await each.destroy();
    },
    closeLog: () => log.close(),
  };
}

/** Those that it writes or reads: with less rights than to see all topics it can still look after its own. */
function neededTopics({ service, topics: listensTo }: DepartmentDefinition): readonly TopicDefinition[] {
  return Object.values(topics).filter(({ name, owner }) => owner === service || listensTo.includes(name));
}

export function kafkaConnection(service: ServiceName, { kafka }: HostConfig, logger: Logger): KafkaConnection {
  return { ...connectionOf(kafka, `instep-${service}`), logger: kafkaLogger(logger) };
}

/** A client that tries to connect says the same several times a second: each warning is written once a minute at most. */
function kafkaLogger(logger: Logger): KafkaLogger {
  const saidAt = new Map<string, number>();
  return {
    info: (message, fields) => {
      logger.info(fields, message);
    },
    warn: (message, fields) => {
      const now = performance.now();
      if (now - (saidAt.get(message) ?? Number.NEGATIVE_INFINITY) < SAME_WARNING_EVERY_MS) return;
      if (saidAt.size > MOST_WARNINGS) saidAt.clear();
      saidAt.set(message, now);
      logger.warn(fields, message);
    },
    error: (message, fields) => {
      logger.error(fields, message);
    },
  };
}
