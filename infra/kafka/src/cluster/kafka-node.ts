import type { GuardedProcess } from '@instep/local-process';

/** One broker of a cluster, by itself. */
export type KafkaNode = {
  readonly id: number;
  /** Its own port, not the one that clients are told. */
  readonly port: number;
  readonly logFile: string;
  readonly running: boolean;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** Freezes it (SIGSTOP). */
  pause(): void;
  resume(): void;
  /** Ends it in good order: it hands its partitions over first. */
  stop(): Promise<void>;
  /** Starts it again on its storage and port; resolves when it serves. */
  start(): Promise<void>;
};

const stopGraceMs = 20_000;

/** `start` makes the process; a node begins without one. */
export function kafkaNode(facts: Pick<KafkaNode, 'id' | 'port' | 'logFile'>, start: () => Promise<GuardedProcess>): KafkaNode {
  let broker: GuardedProcess | undefined;
  return {
    ...facts,
    get running() {
      return broker?.running ?? false;
    },
    kill: async () => {
      broker?.signal('SIGKILL');
      await broker?.exited;
    },
    pause: () => broker?.signal('SIGSTOP'),
    resume: () => broker?.signal('SIGCONT'),
    stop: async () => {
      broker?.signal('SIGCONT'); // one that is frozen would hear nothing
      if (broker?.running) await broker.stop(stopGraceMs);
    },
    start: async () => {
      if (broker?.running) throw new Error(`broker ${facts.id} runs already`);
      broker = await start();
    },
  };
}
