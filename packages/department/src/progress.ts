import { partitionName, type TopicPartition } from '@instep/event-log';

import type { PartitionStatus } from './department.ts';
import type { Position } from './store.ts';
import { saysPosition } from './runtime-streams.ts';
import type { AdvancedPosition } from './runtime-streams.ts';
import type { SliceEnd } from './unit-of-work.ts';

interface PartitionProgress {
  readonly topic: string;
  readonly partition: number;
  nextOffset: number;
  logEnd: number;
  /** Timestamp of the newest applied record, in milliseconds since 1970. */
  appliedAt: number;
  state: PartitionStatus['state'];
  /** Where the log knows this consumer to be, by events that it caused. */
  saidOffset: number;
  movedAt: number;
}

/** How far each assigned partition is applied, and how far the log itself tells so. */
export class Progress {
  readonly #partitions = new Map<string, PartitionProgress>();

  restart(positions: readonly Position[], now: number): void {
    this.#partitions.clear();
    for (const { topic, partition, nextOffset } of positions) {
      // Who was here before may have ended before it could say how far it was.
      const start = { nextOffset, logEnd: nextOffset, saidOffset: 0 };
      this.#partitions.set(partitionName({ topic, partition }), {
        topic,
        partition,
        ...start,
        appliedAt: 0,
        state: 'reading',
        movedAt: now,
      });
    }
  }

  seen(target: TopicPartition, logEnd: number): void {
    const part = this.#partitions.get(partitionName(target));
    if (part) part.logEnd = logEnd;
  }

  mark(target: TopicPartition, state: PartitionStatus['state']): void {
    const part = this.#partitions.get(partitionName(target));
    if (part) part.state = state;
  }

  apply({ slice, position, alarm }: SliceEnd, now: number): void {
    const part = this.#partitions.get(partitionName(slice));
    if (!part || alarm !== undefined) return;
    // Where others say how far they have read is nothing to be said in turn: two that listen to each other would never fall silent.
    if (part.saidOffset >= part.nextOffset && slice.records.every(saysPosition)) part.saidOffset = position.nextOffset;
    part.nextOffset = position.nextOffset;
    part.logEnd = Math.max(slice.logEnd, part.nextOffset);
    part.appliedAt = slice.records.at(-1)?.timestamp ?? part.appliedAt;
    part.movedAt = now;
    part.state = 'reading';
  }

  /** How far this process knows each of its partitions to be applied. */
  applied(): readonly AdvancedPosition[] {
    return [...this.#partitions.values()].map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));
  }

  /** An event in the log now says that the record at this offset was applied. */
  said(name: string, offset: number): void {
    const part = this.#partitions.get(name);
    if (part) part.saidOffset = Math.max(part.saidOffset, offset + 1);
  }

  /** Partitions that went on, but whose last `quietMs` led to no event that would say so. */
  silent(now: number, quietMs: number): readonly AdvancedPosition[] {
    return [...this.#partitions.values()]
      .filter((part) => part.nextOffset > part.saidOffset && now - part.movedAt >= quietMs)
      .map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));
  }

  status(now: number): readonly PartitionStatus[] {
    return [...this.#partitions.values()].map(({ topic, partition, nextOffset, logEnd, appliedAt, state }) => {
      const behind = logEnd > nextOffset && appliedAt > 0;
      return { topic, partition, nextOffset, logEnd, lagSeconds: behind ? Math.max(0, (now - appliedAt) / 1_000) : 0, state };
    });
  }
}
