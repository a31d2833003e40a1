import type { NewRecord } from '@instep/event-log';
import { BATCH_OVERHEAD, sizeInBatch } from '../wire/record-batch.ts';

/** Larger batches are no cheaper per record and make readers take more at once. */
const MOST_RECORDS = 2_000;
const MOST_BYTES = 512 * 1024;

interface Piece {
  readonly records: readonly NewRecord[];
  readonly bytes: number;
  readonly call: Call;
  /** Position of the piece in its call: the first and the last settle it. */
  readonly first: boolean;
  readonly last: boolean;
}

interface Call {
  firstOffset: number;
  readonly resolve: (answer: { firstOffset: number }) => void;
  readonly reject: (error: unknown) => void;
}

/** What waits for one topic-partition. One batch under way at a time; whole calls are merged, a large one is cut. */
export class PartitionQueue {
  readonly #send: (records: readonly NewRecord[]) => Promise<number>;
  readonly #limit: number;
  #pieces: Piece[] = [];
  #running: Promise<void> | undefined;

  /** `mostBytes`: largest batch that the topic takes. */
  constructor(send: (records: readonly NewRecord[]) => Promise<number>, mostBytes: number) {
    this.#send = send;
    this.#limit = Math.min(mostBytes, MOST_BYTES) - BATCH_OVERHEAD;
  }

  /** No record may be larger by itself than what the topic takes. */
  add(records: readonly NewRecord[]): Promise<{ firstOffset: number }> {
    return new Promise((resolve, reject) => {
      const call: Call = { firstOffset: 0, resolve, reject };
      this.#pieces.push(...cut(records, this.#limit, call));
      this.#running ??= this.#run();
    });
  }

  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Calls of the same turn are merged.
    await Promise.resolve();
    while (this.#pieces.length > 0) {
      const pieces = this.#take();
      try {
        settle(pieces, await this.#send(pieces.flatMap((piece) => piece.records)));
      } catch (error) {
        // What waits is rejected too: it must not overtake what failed.
        const calls = new Set([...pieces, ...this.#pieces].map((piece) => piece.call));
        this.#pieces = [];
        for (const call of calls) call.reject(error);
      }
    }
    this.#running = undefined;
  }

  #take(): readonly Piece[] {
    let bytes = 0;
    let records = 0;
    let count = 0;
    for (const piece of this.#pieces) {
      bytes += piece.bytes;
      records += piece.records.length;
      if (count > 0 && (bytes > this.#limit || records > MOST_RECORDS)) break;
      count += 1;
    }
    return this.#pieces.splice(0, count);
  }
}

function settle(pieces: readonly Piece[], baseOffset: number): void {
  let offset = baseOffset;
  for (const { call, first, last, records } of pieces) {
    if (first) call.firstOffset = offset;
    if (last) call.resolve({ firstOffset: call.firstOffset });
    offset += records.length;
  }
}

function cut(records: readonly NewRecord[], limit: number, call: Call): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  let bytes = 0;
  records.forEach((record, index) => {
    const size = sizeInBatch(record);
    if (index > from && (bytes + size > limit || index - from >= MOST_RECORDS)) {
      pieces.push({ records: records.slice(from, index), bytes, call, first: from === 0, last: false });
      from = index;
      bytes = 0;
    }
    bytes += size;
  });
  const rest = from === 0 ? records : records.slice(from);
  pieces.push({ records: rest, bytes, call, first: from === 0, last: true });
  return pieces;
}
