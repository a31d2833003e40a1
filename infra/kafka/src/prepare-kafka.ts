import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, withLock } from '@instep/local-process';
import { startBroker, javaArguments, type Jvm } from './broker-process.ts';
import { logging, serverProperties } from './broker-settings.ts';
import { findJava, type Java } from './java.ts';
import { newKafkaId } from './kafka-id.ts';
import { resolveJars, type JarsOptions } from './resolve-jars.ts';

const run = promisify(execFile);

export type KafkaToolchain = {
  readonly java: Java;
  /** Formatted storage without topics; copied for each new broker, which is 1 s quicker than formatting. */
  readonly emptyStorage: string;
  /** Archive of loaded classes: halves the time to start. Absent when this Java cannot make one. */
  readonly classArchive: string;
};

function toolchainOf(jarsDir: string, java: Java): KafkaToolchain {
  return {
    java,
    emptyStorage: join(jarsDir, 'empty-storage'),
    classArchive: join(jarsDir, `classes-${java.version}.jsa`),
  };
}

/**
 * Does, once per machine and Java version, what makes later starts quick: the jars, formatted storage, an archive of
 * loaded classes. Later calls return at once. Safe in several processes at the same time. Errors: as `findJava` and
 * `resolveJars`.
 */
export async function prepareKafka(options: JarsOptions & { readonly javaHome?: string }): Promise<KafkaToolchain> {
  const java = await findJava(options.javaHome);
  await resolveJars(options);
  const toolchain = toolchainOf(options.jarsDir, java);
  if (isComplete(toolchain)) return toolchain;
  await withLock(`${options.jarsDir}.lock`, async () => {
    if (isComplete(toolchain)) return;
    options.onStep?.('formatting storage and recording classes for quick starts (once)');
    const work = join(options.jarsDir, 'prepare');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    const loggingFile = join(options.jarsDir, 'log4j2.properties');
    writeFileSync(loggingFile, logging);
    await prepareIn(work, { java, jarsDir: options.jarsDir, loggingFile }, toolchain);
    rmSync(work, { recursive: true, force: true });
  });
  return toolchain;
}

function isComplete({ emptyStorage, classArchive }: KafkaToolchain): boolean {
  return existsSync(emptyStorage) && existsSync(classArchive);
}

async function prepareIn(work: string, jvm: Jvm, toolchain: KafkaToolchain): Promise<void> {
  const logDir = join(work, 'storage');
  const port = await freePort();
  const properties = join(work, 'server.properties');
  writeFileSync(properties, serverProperties({ port, controllerPort: await freePort(), logDir }));
  const clusterId = newKafkaId();
  const format = ['format', '--standalone', '-t', clusterId, '-c', properties];
  await run(jvm.java.command, javaArguments(jvm, 'kafka.tools.StorageTool', format));
  rmSync(toolchain.emptyStorage, { recursive: true, force: true });
  cpSync(logDir, toolchain.emptyStorage, { recursive: true });

  const archive = join(work, 'classes.jsa');
  const broker = await startBroker({
    jvm,
    options: ['-Xms64m', '-Xmx384m', `-XX:ArchiveClassesAtExit=${archive}`],
    properties,
    port,
    logFile: join(work, 'broker.log'),
    deadlineMs: 120_000,
  });
  await broker.stop(60_000);
  if (existsSync(archive)) renameSync(archive, toolchain.classArchive);
  else writeFileSync(toolchain.classArchive, ''); // Java ignores it; we do not try again at every start
}
