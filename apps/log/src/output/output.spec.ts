import { describe, expect, it } from '@jest/globals';
import { Writable } from 'node:stream';

import { Output, type Column, type Format } from './output.ts';

interface Row {
  readonly name: string;
  readonly count: number;
}

const columns: readonly Column<Row>[] = [
  { head: 'name', value: ({ name }) => name },
  { head: 'count', right: true, value: ({ count }) => count },
];
const rows = [
  { name: 'orders', count: 12_345 },
  { name: 'a\tb\nc', count: 1 },
];

describe('what a verb says', () => {
  it('is a table with columns that align, for people', () => {
    const { out, text } = written('table');
    out.rows(columns, rows.slice(0, 1));
    expect(text.out).toBe('name     count\norders  12,345\n');
  });

  it('is one line a row for programs, whatever stands in it', () => {
    const { out, text } = written('plain');
    out.rows(columns, rows);
    out.say('two of them');
    expect(text.out).toBe('name\tcount\norders\t12,345\na b c\t1\n');
    expect(text.err).toBe('two of them\n');
  });

  it('is one document in JSON and nothing else', () => {
    const { out, text } = written('json');
    out.rows(columns, rows);
    out.json({ rows });
    out.say('two of them');
    expect(JSON.parse(text.out)).toEqual({ rows });
    expect(text.err).toBe('two of them\n');
  });

  it('has colours only where they are wanted', () => {
    const { out } = written('table', true);
    expect(out.paint('bad', 'bad')).toBe('\u001b[31mbad\u001b[39m');
    expect(written('table').out.paint('bad', 'bad')).toBe('bad');
    expect(written('plain', true).out.paint('bad', 'bad')).toBe('bad');
  });
});

function written(format: Format, colours = false): { out: Output; text: { out: string; err: string } } {
  const text = { out: '', err: '' };
  const to = (name: 'out' | 'err') =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text[name] += chunk.toString();
        done();
      },
    });
  return { out: new Output(format, to('out'), to('err'), colours), text };
}
