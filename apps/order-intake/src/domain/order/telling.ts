import type { ReportStamp } from '@instep/contracts';
import type { Decided, Decision } from '@instep/decider';
import { record } from '@instep/decider';

import { evolve } from './evolve.ts';
import { order } from './order.ts';
import type { OrderEvent } from './order-event.ts';
import type { OrderState } from './order-state.ts';

/** Collects the events of a decision and folds each at once: every step sees the order as the events before it made it. */
export class Telling {
  readonly orderId: string;
  readonly #decided: Decided[] = [];
  #state: OrderState;
  #asOf: ReportStamp | undefined;

  /** `asOf`: the stamp of a report that is newer than all known; the first event carries it. */
  constructor(orderId: string, state: OrderState, asOf?: ReportStamp) {
    this.orderId = orderId;
    this.#state = state;
    this.#asOf = asOf;
  }

  get state(): OrderState {
    return this.#state;
  }

  /** The stamp that no event carries yet. */
  get untold(): ReportStamp | undefined {
    return this.#asOf;
  }

  /** `time`: when it happened, if not when the command's cause did. */
  tell<Event extends OrderEvent>(event: Event, time?: string): void {
    const stamped = this.#asOf === undefined ? event : { ...event, data: { ...event.data, asOf: this.#asOf } };
    this.#asOf = undefined;
    this.#state = evolve(this.#state, stamped);
    this.#decided.push(...record(order, this.orderId, [stamped], time));
  }

  decision(): Decision {
    return { events: this.#decided };
  }
}
