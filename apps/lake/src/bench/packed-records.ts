import type { LogRecord, NewRecord, TopicPartition } from '@instep/event-log';

/** Records that are kept together; also how many a reader gets at once. */
const together = 2_000;

export type PackedRecord = Omit<NewRecord, 'sequence'> & { readonly timestamp: number };

/** Up to 2,000 records in a row. Keys and values lie one behind the other in `bytes`, and `ends` says where each ends. */
interface Pack {
  readonly bytes: Buffer;
  readonly ends: Uint32Array;
  readonly types: readonly string[];
  readonly timestamps: Float64Array;
}

/**
 * The records of one partition in memory, numbered from 0. Packed, because millions of objects would be walked through by every collection of
 * garbage: then whatever is measured beside them is that, and not the work that is to be measured.
 */
export class PackedRecords {
  readonly #target: TopicPartition;
  readonly #packs: Pack[] = [];
  #open: PackedRecord[] = [];
  #length = 0;

  constructor(target: TopicPartition) {
    this.#target = target;
  }

  get length(): number {
    return this.#length;
  }

  push(record: PackedRecord): void {
    this.#open.push(record);
    this.#length += 1;
    if (this.#open.length === together) this.#seal();
  }

  *read(from: number, to: number): Generator<readonly LogRecord[]> {
    if (this.#open.length > 0) this.#seal();
    const end = Math.min(to, this.#length);
    let first = 0;
    for (const pack of this.#packs) {
      const behind = first + pack.types.length;
      if (behind > from && first < end) yield this.#unpack(pack, first, Math.max(from, first), Math.min(end, behind));
      first = behind;
    }
  }

  #seal(): void {
    const texts = this.#open.flatMap(({ key, value }) => [Buffer.from(key), value]);
    let end = 0;
    this.#packs.push({
      bytes: Buffer.concat(texts),
      ends: Uint32Array.from(texts, ({ length }) => (end += length)),
      types: this.#open.map(({ type }) => type),
      timestamps: Float64Array.from(this.#open, ({ timestamp }) => timestamp),
    });
    this.#open = [];
  }

  #unpack({ bytes, ends, types, timestamps }: Pack, first: number, from: number, to: number): readonly LogRecord[] {
    const { topic, partition } = this.#target;
    return Array.from({ length: to - from }, (_, index) => {
      const offset = from + index;
      const at = offset - first;
      const keyFrom = at === 0 ? 0 : (ends[2 * at - 1] ?? 0);
      const keyEnd = ends[2 * at] ?? 0;
      return {
        ...{ topic, partition, offset, type: types[at], timestamp: timestamps[at] ?? 0 },
        key: bytes.toString('utf8', keyFrom, keyEnd),
        sequence: { epoch: 1, n: offset + 1 },
        value: bytes.subarray(keyEnd, ends[2 * at + 1]),
      };
    });
  }
}
