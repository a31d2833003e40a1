import { partitionName } from '@instep/event-log';
import type { CloudEvent } from '@instep/contracts';

import type { AdvancedPosition } from '../runtime-streams.ts';
import { saysDeadLetter, saysPosition, saysRedriven } from '../runtime-streams.ts';

interface Told {
  /** Behind the furthest input that is known to be done with. */
  done: number;
  /** The furthest input that caused an event. There may be more events to come of it. */
  caused: number;
}

/** How far a service had read, as its own events tell. */
export class ToldPositions {
  readonly #told = new Map<string, Told>();

  note(event: CloudEvent): void {
    // Redriving applies what was read long before.
    if (saysRedriven(event)) return;
    if (event.causeposition !== undefined) {
      const cut = event.causeposition.lastIndexOf('/');
      const offset = Number(event.causeposition.slice(cut + 1));
      // A record that is parked leads to nothing else.
      const last = event.causeend !== undefined || saysDeadLetter(event);
      this.#note(event.causeposition.slice(0, cut), last ? offset + 1 : 0, offset);
    }
    if (saysPosition(event)) {
      for (const position of (event.data as { positions: readonly AdvancedPosition[] }).positions)
        this.#note(partitionName(position), position.nextOffset, -1);
    }
  }

  /** Next offset per `<topic>/<partition>`, when every event that the service recorded is in the log. */
  reached(): ReadonlyMap<string, number> {
    return new Map([...this.#told].map(([name, { done, caused }]) => [name, Math.max(done, caused + 1)]));
  }

  /**
   * The same when the last events may never have reached the log: an input of which only a first part of the events is there is not done
   * with, and is decided again.
   */
  certain(): ReadonlyMap<string, number> {
    return new Map([...this.#told].map(([name, { done, caused }]) => [name, Math.max(done, caused)]));
  }

  #note(name: string, done: number, caused: number): void {
    const told = this.#told.get(name) ?? { done: 0, caused: -1 };
    told.done = Math.max(told.done, done);
    told.caused = Math.max(told.caused, caused);
    this.#told.set(name, told);
  }
}
