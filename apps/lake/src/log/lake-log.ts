import { resolve } from 'node:path';

import { topics as contractTopics } from '@instep/contracts';
import { OffsetOutOfRange, UnknownTopic, type LogReader, type PartitionBounds, type TopicPartition } from '@instep/event-log';

import type { LakeFile } from '../manifest/lake-file.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import { nextOffset, type Manifest } from '../manifest/manifest.ts';
import { announceReader } from '../manifest/readers.ts';
import { FileReader } from './file-reader.ts';

export interface LakeLogSettings {
  /** Folder of the lake. */
  readonly folder: string;
  /** Partitions of topics that the contracts do not name. */
  readonly partitions?: Readonly<Record<string, number>>;
  /** For DuckDB's buffers, 512 when absent; as much again for the records that readers hold. */
  readonly memoryMb?: number;
  readonly threads?: number;
}

/** A log that ends where the lake ends, and can only be read. */
export interface LakeLog extends LogReader {
  /** The files that are read: those that made up the lake when it was opened. */
  readonly manifest: Manifest;
  /** Gives back the files: those that were put together meanwhile may go then. */
  close(): Promise<void>;
}

/**
 * The log as the files of a lake hold it, record by record the same as in Kafka: key, type, numbers, time, and every byte of the value. The
 * list of files is that of the manifest as it is at the call; no file of it is removed before `close`. Each file is compared with its
 * checksum before a record of it is given out, unless it was found sound before and is still the same file.
 * Reading rejects with `LakeFault` when a file is missing, damaged, or was written before files held whole records.
 */
export async function openLakeLog({ folder, partitions = {}, memoryMb = 512, threads = 2 }: LakeLogSettings): Promise<LakeLog> {
  const lake = resolve(folder);
  const reader = announceReader(lake);
  try {
    const manifest = readManifest(lake);
    const files = await FileReader.open(lake, { memoryMb, threads });
    return {
      manifest,
      bounds: (topic) => Promise.resolve().then(() => boundsOf(manifest, topic, partitions)),
      read: (target, from, to) => read({ manifest, files, partitions }, target, from, to),
      close: async () => {
        await files.close();
        reader.release();
      },
    };
  } catch (error) {
    reader.release();
    throw error;
  }
}

interface Reading {
  readonly manifest: Manifest;
  readonly files: FileReader;
  readonly partitions: Readonly<Record<string, number>>;
}

async function* read(
  { manifest, files, partitions }: Reading,
  target: TopicPartition,
  from: number,
  to: number,
): ReturnType<LogReader['read']> {
  const bounds = boundsOf(manifest, target.topic, partitions).find(({ partition }) => partition === target.partition);
  if (!bounds) throw new UnknownTopic(`topic ${target.topic} has no partition ${target.partition} in the lake`);
  if (from < 0 || from > bounds.next)
    throw new OffsetOutOfRange(`the lake holds ${target.topic}/${target.partition} from 0 to ${bounds.next}, not ${from}`);
  for (const file of manifest.partition(target.topic, target.partition)) {
    if (file.last < from || file.first >= to) continue;
    yield* files.records(file, Math.max(from, file.first), Math.min(to, file.last + 1));
  }
}

function boundsOf(manifest: Manifest, topic: string, partitions: Readonly<Record<string, number>>): readonly PartitionBounds[] {
  const named = partitions[topic] ?? (contractTopics as Readonly<Record<string, { readonly partitions: number }>>)[topic]?.partitions;
  const held = topicFiles(manifest, topic).reduce((most, { partition }) => Math.max(most, partition + 1), 0);
  const count = Math.max(named ?? 0, held);
  if (count === 0) throw new UnknownTopic(`the lake has no topic ${topic}`);
  return Array.from({ length: count }, (_, partition) => ({ partition, first: 0, next: nextOffset(manifest.partition(topic, partition)) }));
}

function topicFiles(manifest: Manifest, topic: string): readonly LakeFile[] {
  return manifest.files().filter((file) => file.topic === topic);
}
