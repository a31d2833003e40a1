import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { LakeFault } from '../fault.ts';
import { syncFolder } from './durable.ts';

/** Hash of the line before: a line that was altered or lost shows. */
type Chained<Value> = Value & { readonly after: string };

interface Chain<Value> {
  readonly values: readonly Value[];
  /** Of the lines that count. */
  readonly bytes: number;
  /** Hash of the last line. */
  readonly after: string;
}

/**
 * A file of JSON lines, each with the hash of the one before. A last line that is still being written, or was cut off by a crash, does not
 * count. Throws `LakeFault` when a line was altered or is missing. `remedy`: what to do then.
 */
export function readChain<Value extends object>(path: string, remedy: string): Chain<Value> {
  const values: Value[] = [];
  let bytes = 0;
  let after = '';
  if (!existsSync(path)) return { values, bytes, after };
  const text = readFileSync(path, 'utf8');
  for (let at = 0; ;) {
    const end = text.indexOf('\n', at) + 1;
    if (end === 0) return { values, bytes, after };
    const line = text.slice(at, end);
    const value = parsed<Value>(line);
    if (value?.after !== after) {
      const number = values.length + 1;
      throw new LakeFault('lake/manifest-damaged', `Line ${number} of ${path} was altered or a line before it is missing: ${remedy}.`);
    }
    values.push(value);
    after = hashOf(line);
    bytes += Buffer.byteLength(line);
    at = end;
  }
}

/** Adds lines, of one process alone. Cuts off what a crash left of a line. */
export class ChainWriter<Value extends object> {
  readonly #descriptor: number;
  #after: string;

  constructor(path: string, { bytes, after }: Chain<Value>) {
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(path, 'a');
    this.#after = after;
    ftruncateSync(this.#descriptor, bytes);
    fsyncSync(this.#descriptor);
    syncFolder(dirname(path));
  }

  /** On the disk once this returns. */
  add(value: Value): void {
    const line = `${JSON.stringify({ after: this.#after, ...value })}\n`;
    writeFileSync(this.#descriptor, line);
    fsyncSync(this.#descriptor);
    this.#after = hashOf(line);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function parsed<Value>(line: string): Chained<Value> | undefined {
  try {
    return JSON.parse(line) as Chained<Value>;
  } catch {
    return undefined;
  }
}

function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 32);
}
