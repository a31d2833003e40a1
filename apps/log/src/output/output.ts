import Table from 'cli-table3';
import { styleText } from 'node:util';

export type Format = 'table' | 'plain' | 'json';

/** One column of a list. `right`: numbers. */
export interface Column<Row> {
  readonly head: string;
  readonly right?: boolean;
  value(row: Row): string | number | undefined;
}

export type Tone = 'good' | 'bad' | 'quiet' | 'loud';

const COLOURS = { good: 'green', bad: 'red', quiet: 'gray', loud: 'bold' } as const;

/** Without the lines that a terminal does not need: columns are held apart by space. */
const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
} as const;

/** Where a verb says what it found: a table for people, tab-separated lines or JSON for programs. Sentences of JSON runs go to stderr. */
export class Output {
  readonly format: Format;
  readonly #out: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly #err: NodeJS.WritableStream;
  readonly #colours: boolean;

  constructor(format: Format, out: NodeJS.WritableStream & { readonly isTTY?: boolean }, err: NodeJS.WritableStream, colours: boolean) {
    this.format = format;
    this.#out = out;
    this.#err = err;
    this.#colours = colours && format === 'table';
  }

  /** Rows in a table or as tab-separated lines below a line with the names of the columns. Nothing in JSON. */
  rows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
    if (this.format === 'plain') {
      this.line(columns.map(({ head }) => head).join('\t'));
      for (const row of rows) this.line(columns.map((column) => oneLine(cell(column, row))).join('\t'));
    } else if (this.format === 'table' && rows.length > 0) {
      const table = new Table({
        head: columns.map(({ head }) => head),
        colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
        chars: BARE,
        style: { head: this.#colours ? ['bold'] : [], border: [], 'padding-left': 0, 'padding-right': 1 },
      });
      for (const row of rows) table.push(columns.map((column) => cell(column, row)));
      this.line(trimmed(table.toString()));
    }
  }

  /** One document. Nothing in the other formats. */
  json(document: unknown): void {
    if (this.format === 'json') this.line(JSON.stringify(document, null, 2));
  }

  /** A sentence for people; to stderr where stdout is for programs. */
  say(sentence: string, tone?: Tone): void {
    if (this.format === 'table') this.line(this.paint(sentence, tone));
    else this.#err.write(`${sentence}\n`);
  }

  line(text: string): void {
    this.#out.write(`${text}\n`);
  }

  paint(text: string, tone: Tone | undefined): string {
    return tone === undefined || !this.#colours ? text : styleText(COLOURS[tone], text, { validateStream: false });
  }
}

function cell<Row>(column: Column<Row>, row: Row): string {
  const value = column.value(row);
  if (value === undefined) return '';
  return typeof value === 'number' ? value.toLocaleString('en') : value;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\t\n\r]+/g, ' ');
}

function trimmed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
