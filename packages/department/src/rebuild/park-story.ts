import type { CloudEvent } from '@instep/contracts';
import { partitionName, type LogRecord, type TopicPartition } from '@instep/event-log';

import { saysDeadLetter, saysRedriven } from '../runtime-streams.ts';
import type { ParkedRecord } from '../store.ts';

interface Place extends TopicPartition {
  readonly offset: number;
}

export interface Redriven extends Place {
  readonly key: string;
  /** As it was applied; undefined: as it lies in the log. */
  readonly value: Buffer | undefined;
}

type Parked = Pick<ParkedRecord, 'code' | 'reason' | 'parkedAt'>;

/** Which records a service parked and which of them it redrove, as its own events tell. */
export class ParkStory {
  readonly #parked = new Map<string, Parked>();
  readonly #redriven = new Map<string, Redriven>();
  #fresh: Redriven[] = [];

  note(event: CloudEvent): void {
    if (saysDeadLetter(event)) {
      const { code, reason, ...place } = event.data as Place & { readonly code: string; readonly reason: string };
      this.#parked.set(placeOf(place), { code, reason, parkedAt: Date.parse(event.recordedtime) });
    } else if (saysRedriven(event)) {
      const { topic, partition, offset, key, value } = event.data as Place & { readonly key: string; readonly value: string };
      const redriven = { topic, partition, offset, key, value: value === '' ? undefined : Buffer.from(value, 'base64') };
      this.#redriven.set(placeOf(redriven), redriven);
      this.#fresh.push(redriven);
    }
  }

  /** What became of a record: parked still, applied later with these bytes, or neither. */
  of(record: LogRecord): { readonly kind: 'parked'; readonly story: Parked } | { readonly kind: 'applied'; readonly value: Buffer } {
    if (this.#parked.size === 0 && this.#redriven.size === 0) return { kind: 'applied', value: record.value };
    const name = placeOf(record);
    const redriven = this.#redriven.get(name);
    if (redriven) return { kind: 'applied', value: redriven.value ?? record.value };
    const story = this.#parked.get(name);
    return story ? { kind: 'parked', story } : { kind: 'applied', value: record.value };
  }

  /** Those redriven since this was asked last, in the order in which it happened. */
  takeRedriven(): readonly Redriven[] {
    const taken = this.#fresh;
    this.#fresh = [];
    return taken;
  }
}

function placeOf(place: Place): string {
  return `${partitionName(place)}/${String(place.offset)}`;
}
