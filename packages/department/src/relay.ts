import { partitionName, type EventLog, type NewRecord, type TopicPartition } from '@instep/event-log';

import { assertLogNotBehind, assertNotBehind, DatabaseBehindLog, LogBehindDatabase, numbersBeyond } from './compare-with-log.ts';
import type { Clock, RuntimeLog } from './ports.ts';
import type { OutboxLease, OutboxRow, OutboxStore, RelayLedger } from './store.ts';

export interface RelayParts {
  readonly log: EventLog;
  readonly outbox: OutboxStore;
  readonly clock: Clock;
  readonly runtimeLog: RuntimeLog;
  /** Topics that the service owns and numbers. */
  readonly topics: readonly string[];
  relayed(rows: number): void;
  trouble(why: string | undefined): void;
  /** Log and database do not belong together: nothing may be sent, and the relay has ended. */
  behind(error: DatabaseBehindLog | LogBehindDatabase): void;
}

const batch = 1_000;
/** Own commits wake the relay; rows of other replicas are found by looking, less often the longer there were none. */
const idleMs = { first: 250, most: 1_000 };
const standbyMs = 1_000;
const firstBackoffMs = 100;
const longestBackoffMs = 5_000;

/**
 * Sends the outbox, in order, with a number that rises by one in each topic-partition and stays the same however often a record is sent.
 * Numbers are stored before the first byte is sent; rows are removed after the log has acknowledged them. One relay per service holds the
 * lease; the others stand by.
 */
export class Relay {
  readonly #parts: RelayParts;
  readonly #stop = new AbortController();
  #sleeping: AbortController | undefined;
  #woken = false;
  #running: Promise<void> | undefined;
  #drained: (() => void)[] = [];

  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Something was committed to the outbox. */
  wake(): void {
    this.#woken = true;
    this.#sleeping?.abort();
  }

  /** Sends what is there and ends, at the latest after `deadlineMs`. */
  async stop(deadlineMs: number): Promise<void> {
    if (!this.#running || this.#stop.signal.aborted) return this.#running;
    const empty = new Promise<void>((resolve) => this.#drained.push(resolve));
    this.wake();
    const late = new AbortController();
    await Promise.race([empty, this.#parts.clock.sleep(deadlineMs, late.signal)]);
    late.abort();
    this.#stop.abort();
    this.#sleeping?.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#stop.signal.aborted;) {
      let lease: OutboxLease | undefined;
      try {
        lease = await this.#parts.outbox.lease();
        if (lease) {
          await this.#send(lease, () => {
            failures = 0;
          });
        } else {
          // Another process sends: that sending stood still here is no trouble any more.
          this.#parts.trouble(undefined);
          this.#tellDrained();
          await this.#parts.clock.sleep(standbyMs, this.#stop.signal);
        }
      } catch (error) {
        if (error instanceof DatabaseBehindLog || error instanceof LogBehindDatabase) {
          this.#stop.abort();
          this.#parts.behind(error);
          break;
        }
        const cause = error instanceof Error ? error : new Error(String(error));
        const ms = Math.min(firstBackoffMs * 2 ** failures, longestBackoffMs);
        failures += 1;
        this.#parts.trouble(`sending stands still (${cause.message})`);
        this.#parts.runtimeLog.warn({ reason: cause.message, retryInMs: ms }, 'the relay could not send');
        await this.#parts.clock.sleep(ms, this.#stop.signal);
      } finally {
        await lease?.release().catch(() => undefined);
      }
    }
    this.#tellDrained();
  }

  async #send(lease: OutboxLease, worked: () => void): Promise<void> {
    const { log, topics } = this.#parts;
    let ledger = await lease.ledger();
    assertNotBehind(await numbersBeyond(log, topics, ledger), ledger);
    await assertLogNotBehind(log, topics, ledger, await unsent(lease, ledger));
    let acknowledged = await this.#resend(lease, ledger);
    let idle = idleMs.first;
    while (!this.#stop.signal.aborted && lease.held()) {
      this.#woken = false;
      const rows = await lease.next(acknowledged, batch);
      acknowledged = [];
      worked();
      this.#parts.trouble(undefined);
      if (rows.length === 0) {
        this.#tellDrained();
        await this.#wait(idle);
        idle = Math.min(idle * 2, idleMs.most);
        continue;
      }
      idle = idleMs.first;
      const allotted = allot(ledger, rows);
      if (!(await lease.allot(allotted))) return;
      ledger = { ...allotted, generation: allotted.generation + 1 };
      await this.#append(lease, rows, allotted);
      acknowledged = rows.map(({ id }) => id);
      this.#parts.relayed(rows.length);
    }
    if (acknowledged.length > 0) await lease.next(acknowledged, 0);
  }

  async #wait(ms: number): Promise<void> {
    if (this.#woken || this.#stop.signal.aborted) return;
    this.#sleeping = new AbortController();
    await this.#parts.clock.sleep(ms, this.#sleeping.signal);
    this.#sleeping = undefined;
  }

  #tellDrained(): void {
    for (const resolve of this.#drained) resolve();
    this.#drained = [];
  }

  /** After a crash: what was given out and perhaps sent goes out again, with the same numbers. */
  async #resend(lease: OutboxLease, ledger: RelayLedger): Promise<readonly number[]> {
    if (ledger.inFlight.length === 0) return [];
    const rows = await lease.rows(ledger.inFlight.map(({ id }) => id));
    if (rows.length > 0) await this.#append(lease, rows, ledger);
    return rows.map(({ id }) => id);
  }

  async #append(lease: OutboxLease, rows: readonly OutboxRow[], ledger: RelayLedger): Promise<void> {
    const firstSerial = ledger.serial - ledger.inFlight.length + 1;
    const numbers = new Map(ledger.inFlight.map(({ id, n }, at) => [id, { epoch: ledger.epoch, n, serial: firstSerial + at }]));
    const targets = new Map<string, { target: TopicPartition; records: NewRecord[] }>();
    for (const { id, topic, partition, key, type, value } of rows) {
      const sequence = numbers.get(id);
      if (!sequence) throw new Error(`outbox row ${String(id)} has no number in the ledger`);
      const name = partitionName({ topic, partition });
      const group = targets.get(name) ?? { target: { topic, partition }, records: [] };
      group.records.push({ key, type, sequence, value: Buffer.from(value) });
      targets.set(name, group);
    }
    await Promise.all([...targets.values()].map(({ target, records }) => this.#appendUntilStored(lease, target, records)));
  }

  /**
   * The same records again and again: readers drop by number what came twice. No longer once the lease is lost: the next holder sends what
   * the ledger says, and if another database was put in place meanwhile, what it says is no longer true.
   */
  async #appendUntilStored(lease: OutboxLease, target: TopicPartition, records: readonly NewRecord[]): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      try {
        await this.#parts.log.append(target, records);
        return;
      } catch (error) {
        if (!isTransient(error) || this.#stop.signal.aborted || !lease.held()) throw error;
        const ms = Math.min(firstBackoffMs * 2 ** failures, longestBackoffMs);
        this.#parts.trouble(`the log does not answer (${error.message})`);
        this.#parts.runtimeLog.warn(
          { err: error, topic: target.topic, partition: target.partition, retryInMs: ms },
          'the log did not take a batch',
        );
        await this.#parts.clock.sleep(ms, this.#stop.signal);
      }
    }
  }
}

/** How many of the numbers given out were perhaps never sent. */
async function unsent(lease: OutboxLease, { inFlight }: RelayLedger): Promise<number> {
  return inFlight.length === 0 ? 0 : (await lease.rows(inFlight.map(({ id }) => id))).length;
}

function allot(ledger: RelayLedger, rows: readonly OutboxRow[]): RelayLedger {
  const counters = new Map(ledger.counters.map((counter) => [partitionName(counter), counter]));
  const inFlight = rows.map(({ id, topic, partition }) => {
    const name = partitionName({ topic, partition });
    const n = (counters.get(name)?.n ?? 0) + 1;
    counters.set(name, { topic, partition, n });
    return { id, n };
  });
  return {
    generation: ledger.generation,
    epoch: ledger.epoch,
    serial: ledger.serial + rows.length,
    counters: [...counters.values()],
    inFlight,
  };
}

function isTransient(error: unknown): error is Error {
  return error instanceof Error && 'transient' in error && error.transient === true;
}
