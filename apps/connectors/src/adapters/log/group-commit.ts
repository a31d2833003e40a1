import { topics } from '@instep/contracts';
import type { EventLog, NewRecord, TopicPartition } from '@instep/event-log';
import { LogUnavailable, partitionOfKey } from '@instep/event-log';

import { systemTiming, type Timing } from './timing.ts';

interface Waiting {
  readonly record: NewRecord;
  /** Milliseconds, of the timing. */
  readonly since: number;
  resolve(): void;
  reject(error: unknown): void;
}

interface Queue {
  readonly target: TopicPartition;
  waiting: Waiting[];
  scheduled: boolean;
  appending: boolean;
}

interface GroupCommitSettings {
  /** A record that is not acknowledged by then is given up, though it may still be stored. */
  readonly deadlineMs: number;
  /** How long a record is tried again while the log is unavailable: a change of leaders takes a moment. */
  readonly patienceMs: number;
  /** Records and bytes of one append. */
  readonly mostRecords?: number;
  readonly mostBytes?: number;
  /** Bytes that may wait in all before new ones are refused. */
  readonly mostWaitingBytes?: number;
}

/** Between two attempts while the log is unavailable. */
const pauseMs = 50;

/**
 * Appends records of many requests to one topic. One append per partition at a time: those that come meanwhile go together into the next,
 * so the log is asked less often the busier it gets, and a quiet moment costs no waiting.
 */
export class GroupCommit {
  readonly #log: EventLog;
  readonly #settings: Required<GroupCommitSettings>;
  readonly #queues: readonly Queue[];
  readonly #timing: Timing;
  #waitingBytes = 0;

  constructor(log: EventLog, topic: keyof typeof topics, settings: GroupCommitSettings, timing: Timing = systemTiming) {
    this.#log = log;
    this.#timing = timing;
    this.#settings = { mostRecords: 500, mostBytes: 4 * 1024 * 1024, mostWaitingBytes: 64 * 1024 * 1024, ...settings };
    this.#queues = Array.from({ length: topics[topic].partitions }, (_, partition) => ({
      target: { topic, partition },
      waiting: [],
      scheduled: false,
      appending: false,
    }));
  }

  /** Resolves when the log has the record. Rejects as `EventLog.append` does, and with `LogUnavailable` when it takes too long. */
  async append(record: NewRecord): Promise<void> {
    const size = record.value.length;
    if (this.#waitingBytes + size > this.#settings.mostWaitingBytes) throw new LogUnavailable('too many records wait for the log');
    const queue = this.#queues[partitionOfKey(record.key, this.#queues.length)];
    if (!queue) throw new Error(`no partition for "${record.key}"`);
    this.#waitingBytes += size;
    let stopTimer: (() => void) | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const waiting = { record, since: this.#timing.now(), resolve, reject };
        stopTimer = this.#timing.after(this.#settings.deadlineMs, () => {
          giveUp(queue, waiting);
        });
        queue.waiting.push(waiting);
        this.#schedule(queue);
      });
    } finally {
      stopTimer?.();
      this.#waitingBytes -= size;
    }
  }

  /** After the input of this turn of the event loop has been read, so that what came in together goes out together. */
  #schedule(queue: Queue): void {
    if (queue.scheduled || queue.appending || queue.waiting.length === 0) return;
    queue.scheduled = true;
    this.#timing.soon(() => {
      queue.scheduled = false;
      void this.#flush(queue);
    });
  }

  async #flush(queue: Queue): Promise<void> {
    if (queue.appending) return;
    const group = this.#take(queue);
    queue.appending = true;
    try {
      await this.#append(queue, group);
    } finally {
      queue.appending = false;
      this.#schedule(queue);
    }
  }

  async #append(queue: Queue, group: readonly Waiting[]): Promise<void> {
    try {
      await this.#log.append(
        queue.target,
        group.map(({ record }) => record),
      );
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length > 1 && codeOf(error) === 'log/record-too-large') await this.#appendEach(queue, group);
      else if (codeOf(error) === 'log/unavailable') await this.#tryLater(queue, group, error);
      else for (const { reject } of group) reject(error);
    }
  }

  /** Nothing was stored: whoever is too large must not take the others along. */
  async #appendEach(queue: Queue, group: readonly Waiting[]): Promise<void> {
    for (const one of group) await this.#append(queue, [one]);
  }

  /** Perhaps they were stored: twice in the log is harmless, not at all is not. */
  async #tryLater(queue: Queue, group: readonly Waiting[], error: unknown): Promise<void> {
    const now = this.#timing.now();
    const patient = group.filter(({ since }) => now - since < this.#settings.patienceMs);
    for (const waiting of group) if (!patient.includes(waiting)) waiting.reject(error);
    queue.waiting.unshift(...patient);
    await new Promise<void>((resolve) => this.#timing.after(pauseMs, resolve));
  }

  #take(queue: Queue): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { record } of queue.waiting) {
      bytes += record.value.length;
      if (count > 0 && (count >= this.#settings.mostRecords || bytes > this.#settings.mostBytes)) break;
      count += 1;
    }
    return queue.waiting.splice(0, count);
  }
}

/** In the order of their deadlines, so it is near the front; one that is being appended is left alone. */
function giveUp(queue: Queue, waiting: Waiting): void {
  const at = queue.waiting.indexOf(waiting);
  if (at >= 0) queue.waiting.splice(at, 1);
  waiting.reject(new LogUnavailable('the log has not acknowledged the record in time'));
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}
