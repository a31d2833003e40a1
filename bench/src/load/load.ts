import type { RunningSystem } from '../running-system.ts';
import { Child } from '../child.ts';
import { LedgerWatch } from './ledger-watch.ts';
import type { LoadOrder, LoadResult } from './load-messages.ts';
import { channel, items, staff } from './order-bodies.ts';
import { setTimeout as pause } from 'node:timers/promises';

type Shape = { readonly kind: 'rate'; readonly perSecond: number } | { readonly kind: 'flood'; readonly atOnce: number };

export interface LoadRun extends LoadResult {
  /** From the planned moment until the ledger had the payment, in milliseconds; of those that arrived. */
  readonly ledgerMs: readonly number[];
  /** When the ledger had the last. */
  readonly booked: number;
}

const arrivalDeadlineMs = 120_000;
const atOnce = 16;

/** The generator, and the eye on the ledger. Each run goes on with the numbers where the one before ended. */
export class Load {
  readonly #generator: Child;
  readonly #watch: LedgerWatch;
  #sent = 0;
  #refused = 0;

  private constructor(generator: Child, watch: LedgerWatch) {
    this.#generator = generator;
    this.#watch = watch;
  }

  static async start({ system, log }: RunningSystem): Promise<Load> {
    return new Load(Child.start('load/generator', [system.service('connectors').url]), await LedgerWatch.start(log));
  }

  get pid(): number {
    return this.#generator.pid;
  }

  /** Orders sent so far. */
  get sent(): number {
    return this.#sent;
  }

  get refused(): number {
    return this.#refused;
  }

  /** Sends so many orders and waits until the ledger has them all. */
  async run(count: number, shape: Shape): Promise<LoadRun> {
    const from = this.#sent;
    this.#sent += count;
    const result = await this.#generator.ask<LoadResult>({ ...shape, from, count } satisfies LoadOrder);
    this.#refused += result.refused;
    const ledgerMs: number[] = [];
    const deadline = Date.now() + arrivalDeadlineMs;
    for (let at = 0; at < count; at += 1) {
      let arrived = this.#watch.arrived.get(from + at);
      while (arrived === undefined && Date.now() < deadline) {
        await pause(20);
        arrived = this.#watch.arrived.get(from + at);
      }
      if (arrived !== undefined) ledgerMs.push(arrived - (result.sent[at] ?? arrived));
    }
    return { ...result, ledgerMs, booked: this.#watch.latest };
  }

  stop(): Promise<void> {
    return this.#generator.stop();
  }
}

/** Goods that will not run out, and the staff that sells them. */
export async function stockUp(running: RunningSystem): Promise<void> {
  const waiting = [...items];
  const one = async (): Promise<void> => {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
      await running.post('inventory', '/items', { item, title: item });
      await running.post('inventory', '/receipts', { item, quantity: '10000000', unitCost: '4.00', currency: 'USD' });
    }
  };
  const hired = staff.map((id) =>
    running.post('hr', '/employees', {
      employeeId: `seller-${String(id)}`,
      staff: [`${channel}:${String(id)}`],
      salary: '3000',
      commissionRate: '0.02',
    }),
  );
  await Promise.all([...hired, ...Array.from({ length: atOnce }, one)]);
}
