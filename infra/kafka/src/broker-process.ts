import { setTimeout as pause } from 'node:timers/promises';
import { logLength, logSince, PlatformFault, spawnGuarded, type GuardedProcess } from '@instep/local-process';
import type { Java } from './java.ts';
import { classPathOf } from './resolve-jars.ts';

export type Jvm = { readonly java: Java; readonly jarsDir: string; readonly loggingFile: string };

export type BrokerStart = {
  readonly jvm: Jvm;
  readonly options: readonly string[];
  readonly properties: string;
  readonly port: number;
  readonly logFile: string;
  readonly deadlineMs: number;
};

/** The same collector always: an archive of loaded classes made with another one is not used. */
const jvmOptions = ['-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError', '-XX:-UsePerfData', '-Xshare:auto', '-Djava.awt.headless=true'];

export function javaArguments(jvm: Jvm, mainClass: string, args: readonly string[]): string[] {
  return ['-cp', classPathOf(jvm.jarsDir), `-Dlog4j2.configurationFile=${jvm.loggingFile}`, mainClass, ...args];
}

/** Starts a broker on formatted storage and waits until it says that it is up. */
export async function startBroker(start: BrokerStart): Promise<GuardedProcess> {
  const from = logLength(start.logFile);
  const broker = await spawnGuarded({
    command: start.jvm.java.command,
    args: [...jvmOptions, ...start.options, ...javaArguments(start.jvm, 'kafka.Kafka', [start.properties])],
    logFile: start.logFile,
    lingerSeconds: 2, // what uses it, and goes down with us too, ends sooner while it is there
  });
  const deadline = Date.now() + start.deadlineMs;
  while (!logSince(start.logFile, from).includes('Kafka Server started')) {
    if (!broker.running) throw brokerFault(logSince(start.logFile, from), start);
    if (Date.now() > deadline) {
      await broker.stop(0);
      throw new PlatformFault('platform/kafka-failed', `Kafka was not up after ${start.deadlineMs / 1000} s: see ${start.logFile}.`);
    }
    await pause(20);
  }
  return broker;
}

function brokerFault(log: string, { port, logFile }: BrokerStart): PlatformFault {
  if (/Address already in use/.test(log)) {
    return new PlatformFault(
      'platform/port-taken',
      `Port ${port} of Kafka, or its controller's, was taken while it started: start again, or choose another.`,
    );
  }
  if (/No space left on device/.test(log)) {
    return new PlatformFault('platform/disk-full', 'The disk is full: make room for Kafka, then start again.');
  }
  if (/insufficient memory|Could not reserve enough space/.test(log)) {
    return new PlatformFault(
      'platform/kafka-failed',
      'There is not enough free memory for Kafka (600 MB): close something, then start again.',
    );
  }
  return new PlatformFault('platform/kafka-failed', `Kafka ended while it started: see ${logFile}.`);
}
