import { cpSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimPidFile, freePort, requireFreePort, type Exit } from '@instep/local-process';
import { startBroker } from './broker-process.ts';
import { logging, serverProperties } from './broker-settings.ts';
import { pomFile } from './pom.ts';
import { prepareKafka } from './prepare-kafka.ts';

export type KafkaOptions = {
  /** Kept between runs; made when missing. */
  readonly dataDir: string;
  /** Of 127.0.0.1; a free one when absent. */
  readonly port?: number;
  readonly controllerPort?: number;
  /** Jars, formatted storage and class archive; kept between runs, filled when empty. */
  readonly jarsDir: string;
  readonly javaHome?: string;
  readonly heapMb?: number;
  readonly logFile: string;
  /** `test` starts quicker and stays slower (no optimising compiler); `run` is for load. Default `run`. */
  readonly profile?: 'test' | 'run';
  readonly onStep?: (line: string) => void;
};

export type Kafka = {
  /** For `bootstrap.servers`. */
  readonly brokers: string;
  readonly pid: number;
  /** Resolves when the broker has ended, asked to or not. */
  readonly exited: Promise<Exit>;
  /** Ends it in good order; after 15 s it is killed (storage survives that). Safe to call twice. */
  stop(): Promise<void>;
};

const startDeadlineMs = 60_000;
const stopGraceMs = 15_000;

/**
 * Starts one Kafka node on 127.0.0.1 and resolves when it serves. The broker ends with this process, however that ends.
 * Errors: `PlatformFault`, each with one sentence for the user: Java or Maven missing, port taken, already running on
 * this folder, disk full.
 */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const { dataDir, jarsDir, logFile, profile = 'run' } = options;
  const toolchain = await prepareKafka({ ...options, pom: pomFile });
  mkdirSync(dataDir, { recursive: true });
  const claim = await claimPidFile(join(dataDir, 'instep.pid'), 'Kafka');
  try {
    const port = options.port ?? (await freePort());
    const controllerPort = options.controllerPort ?? (await freePort());
    await requireFreePort(port, 'Kafka', 'stop what uses it or choose another');
    await requireFreePort(controllerPort, "Kafka's controller", 'stop what uses it or choose another');

    const logDir = join(dataDir, 'storage');
    if (!existsSync(join(logDir, 'meta.properties'))) cpSync(toolchain.emptyStorage, logDir, { recursive: true });
    const properties = join(dataDir, 'server.properties');
    writeFileSync(properties, serverProperties({ port, controllerPort, logDir }));
    const loggingFile = join(dataDir, 'log4j2.properties');
    writeFileSync(loggingFile, logging);

    const broker = await startBroker({
      jvm: { java: toolchain.java, jarsDir, loggingFile },
      options: [
        `-Xms64m`,
        `-Xmx${options.heapMb ?? 384}m`,
        ...(statSync(toolchain.classArchive).size > 0 ? [`-XX:SharedArchiveFile=${toolchain.classArchive}`] : []),
        ...(profile === 'test' ? ['-XX:TieredStopAtLevel=1'] : []),
      ],
      properties,
      port,
      logFile,
      deadlineMs: startDeadlineMs,
    });
    claim.record(broker.pid);
    void broker.exited.then(() => claim.release());
    return {
      brokers: `127.0.0.1:${port}`,
      pid: broker.pid,
      exited: broker.exited,
      stop: async () => {
        await broker.stop(stopGraceMs);
      },
    };
  } catch (error) {
    claim.release();
    throw error;
  }
}
