import { resolve } from 'node:path';

import { serviceNames } from '@instep/contracts';
import { momentOf } from '@instep/lake/log';
import { InvalidArgumentError, Option, type Command } from 'commander';

import type { OffsetRange } from '../selection/selection.ts';
import type { ReplaySettings } from './settings.ts';

/** Options of `plan` and `run`, as they are read. */
export interface SelectingOptions {
  readonly lake: string;
  readonly log: boolean;
  readonly topics?: readonly string[];
  readonly types?: readonly string[];
  readonly tenants?: readonly string[];
  readonly keys?: readonly string[];
  readonly since?: number;
  readonly until?: number;
  readonly offsets?: readonly OffsetRange[];
  readonly to: string;
  readonly services?: readonly string[];
  readonly rate?: number;
  readonly keep: number;
}

export function addSelecting(command: Command, settings: ReplaySettings): Command {
  return command
    .requiredOption('--to <target>', 'file:<path>.ndjson, file:<path>.parquet, topic:<name>, or sandbox')
    .option('--topics <names>', 'only these topics, with commas between', names)
    .option('--types <events>', 'only these events, as order.placed,order.paid', names)
    .option('--tenants <names>', 'only these tenants', names)
    .option('--keys <keys>', 'only these keys (<tenant>/<id>) or ids', names)
    .option('--since <time>', 'recorded at or after this time', time('--since'))
    .option('--until <time>', 'recorded before this time', time('--until'))
    .addOption(
      new Option('--offsets <ranges>', 'only these places, as orders/0:100-200,orders/1:50-')
        .argParser(ranges)
        .conflicts(['topics', 'types']),
    )
    .option('--services <names>', `of a sandbox: only these departments (${serviceNames.join(', ')})`, services)
    .option('--rate <records>', 'at most so many records in a second', positive)
    .option('--keep <days>', 'of a sandbox: removed after so many days', positive, 7)
    .option('--lake <folder>', 'folder of the lake', folder, settings.lake)
    .option('--no-log', 'ends where the lake ends: reads nothing of the log itself');
}

export function folder(text: string): string {
  return resolve(text);
}

function names(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

function services(text: string): readonly string[] {
  const chosen = names(text);
  const unknown = chosen.find((name) => !(serviceNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no department "${unknown}": there are ${serviceNames.join(', ')}.`);
  return chosen;
}

/** A date alone is its first moment in UTC; a time without an offset is UTC too. Throws `LakeFault` for what is none. */
export function time(option: string): (text: string) => number {
  return (text) => momentOf(text, option);
}

function ranges(text: string): readonly OffsetRange[] {
  return text.split(',').map((part) => {
    const [, topic, partition, from, to] = /^([^/]+)\/(\d+):(\d+)-(\d*)$/.exec(part.trim()) ?? [];
    if (topic === undefined) throw new InvalidArgumentError(`"${part}" is not <topic>/<partition>:<first>-<last>, as orders/0:100-200.`);
    const end = to === '' ? Number.MAX_SAFE_INTEGER : Number(to) + 1;
    if (end <= Number(from)) throw new InvalidArgumentError(`"${part}" ends before it begins.`);
    return { topic, partition: Number(partition), from: Number(from), to: end };
  });
}

export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}
