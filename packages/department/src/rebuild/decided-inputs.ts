import type { CloudEvent } from '@instep/contracts';
import { partitionName, type LogRecord } from '@instep/event-log';

import { saysRedriven } from '../runtime-streams.ts';
import type { ReadPosition } from './log-reading.ts';

interface Input {
  seen: number;
  /** How many events it led to, once the last of them was seen. */
  of: number | undefined;
}

/**
 * Inputs that were read after one whose events never reached the log, and whose own events all did. They must be read again, since the one
 * before must be, but not decided again: what follows from a fact without looking at what was done already would be there twice.
 */
export class DecidedInputs {
  readonly #inputs = new Map<string, Input>();

  note(event: CloudEvent): void {
    if (event.causeposition === undefined || saysRedriven(event)) return;
    const input = this.#inputs.get(event.causeposition) ?? { seen: 0, of: undefined };
    input.seen += 1;
    input.of = event.causeend ?? input.of;
    this.#inputs.set(event.causeposition, input);
  }

  /** Nothing is missing before this event after all. */
  takeBack(event: CloudEvent): void {
    if (event.causeposition !== undefined) this.#inputs.delete(event.causeposition);
  }

  has(record: LogRecord): boolean {
    const input = this.#inputs.get(`${partitionName(record)}/${String(record.offset)}`);
    return input !== undefined && input.seen === input.of;
  }

  /** Behind the furthest of them in each partition. */
  ends(): readonly ReadPosition[] {
    const ends = new Map<string, ReadPosition>();
    for (const [place, { seen, of }] of this.#inputs) {
      if (seen !== of) continue;
      const [topic = '', partition = '', offset = ''] = place.split('/');
      const end = { topic, partition: Number(partition), nextOffset: Number(offset) + 1 };
      const known = ends.get(partitionName(end));
      if (!known || known.nextOffset < end.nextOffset) ends.set(partitionName(end), end);
    }
    return [...ends.values()];
  }
}
