import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { mutationNamed } from '../mutations/table/index.ts';
import type { Variant } from './variant.ts';

export interface Options {
  /** Run once, with its trace. */
  readonly seed: number | undefined;
  readonly seeds: number;
  readonly from: number;
  readonly variant: Variant;
  readonly trace: boolean;
  readonly mutations: boolean;
  readonly mutation: string | undefined;
  /** Places from which each mutation is looked for. */
  readonly starts: number;
  readonly workers: number;
  /** Writes the tables into docs/reliability.md. */
  readonly write: boolean;
}

/** What cannot be done as asked, in one sentence that says what to do. */
class BadOption extends Error {
  readonly code = 'simulate/bad-option';
}

export function readOptions(args: readonly string[]): Options {
  const given = parse(args);
  const seed = given.seed === undefined ? undefined : count('--seed', given.seed, 0);
  if (seed !== undefined && given.seeds !== undefined) throw new BadOption('--seed runs one world, --seeds many: give one of them.');
  if (given.mutation !== undefined) known(given.mutation);
  const orders = given.orders === undefined ? {} : { orders: count('--orders', given.orders, 1) };
  const without = given.without === undefined ? [] : given.without.split(',').map((name) => name.trim());
  if (seed === undefined && (without.length > 0 || given.orders !== undefined))
    throw new BadOption('--without and --orders make one world smaller: name it with --seed.');
  return {
    seed,
    seeds: count('--seeds', given.seeds ?? '300', 1),
    from: count('--from', given.from ?? '1', 0),
    variant: { without, ...orders },
    trace: given.trace,
    mutations: given.mutations,
    mutation: given.mutation,
    starts: count('--starts', given.starts ?? '3', 1),
    workers: count('--workers', given.workers ?? String(availableParallelism()), 1),
    write: given.write,
  };
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seeds: text,
        from: text,
        seed: text,
        without: text,
        orders: text,
        trace: flag,
        mutations: flag,
        mutation: text,
        starts: text,
        workers: text,
        write: flag,
      },
    });
    return values;
  } catch (error) {
    throw new BadOption(`${error instanceof Error ? error.message : String(error)} See npm run simulate -- --help.`);
  }
}

function count(name: string, text: string, least: number): number {
  if (/^\d{1,12}$/.test(text) && Number(text) >= least) return Number(text);
  throw new BadOption(`${name} is a whole number from ${String(least)} on, not "${text}".`);
}

function known(name: string): void {
  try {
    mutationNamed(name);
  } catch (error) {
    throw new BadOption(error instanceof Error ? error.message : String(error));
  }
}
