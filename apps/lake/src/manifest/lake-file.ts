/** One Parquet file of the lake: records `first` to `last` of one partition, whole and without a gap. */
export interface LakeFile {
  /** Relative to the lake's folder, with slashes. */
  readonly path: string;
  readonly kind: FileKind;
  readonly topic: string;
  readonly partition: number;
  readonly first: number;
  readonly last: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of the bytes of the file, in hexadecimal. */
  readonly sha256: string;
  /** Bytes of the records' values in the log. */
  readonly valueBytes: number;
  /** Highest number that the relay gave up to the end of this file; 0 before the first, and on topics without numbers. */
  readonly lastSequence: number;
  /** Records that carry a number which was there already: sent again after a crash. */
  readonly repeated: number;
  /** Records that are no event. */
  readonly faults: number;
  /** ISO 8601; null when no record has such a time. */
  readonly occurred: Span | null;
  readonly recorded: Span | null;
  /** Records per version of each event: `{ "order.placed/1": 120 }`. */
  readonly events: Readonly<Record<string, number>>;
}

/** `piece`: the end of a partition, until it is long enough for a `block`; `sorted`: many blocks in one file, sorted by tenant, key, offset. */
export type FileKind = 'piece' | 'block' | 'sorted';

export interface Span {
  readonly from: string;
  readonly to: string;
}

export function partitionFolder(topic: string, partition: number): string {
  return `topic=${topic}/p=${String(partition).padStart(3, '0')}`;
}

export function pathOf(topic: string, partition: number, first: number, last: number): string {
  return `${partitionFolder(topic, partition)}/${digits(first)}-${digits(last)}.parquet`;
}

function digits(offset: number): string {
  return String(offset).padStart(12, '0');
}

const pattern = /^topic=([^/]+)\/p=(\d{3,})\/(\d{12,})-(\d{12,})\.parquet$/;

/** What a path says that a file holds; undefined for a name that no file of a lake has. */
export function rangeInPath(path: string): Pick<LakeFile, 'topic' | 'partition' | 'first' | 'last'> | undefined {
  const [, topic, partition, first, last] = pattern.exec(path) ?? [];
  if (topic === undefined) return undefined;
  return { topic, partition: Number(partition), first: Number(first), last: Number(last) };
}
