import { width } from './text.ts';

export type Terminal = {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
};

export type Screen = {
  /** Puts these lines in the place of the ones before. Lines that the terminal has no room for are left out. */
  draw(lines: readonly string[]): void;
  /** A line that stays, above what is drawn. */
  say(line: string): void;
  /** What was drawn last stays; the cursor is below it. */
  leave(): void;
};

const escape = '\u001B[';
const hideCursor = `${escape}?25l`;
const showCursor = `${escape}?25h`;
const restOfLine = `${escape}K`;
const restOfScreen = `${escape}J`;

/** Draws in place, in one write so that nothing flickers. */
export function liveScreen(terminal: Terminal): Screen {
  let drawn: readonly string[] = [];

  /** A line that the terminal has become too narrow for takes several rows now. */
  const toTheTop = (): string => {
    const columns = terminal.columns ?? 80;
    const rows = drawn.reduce((all, line) => all + Math.max(1, Math.ceil(width(line) / columns)), 0);
    return rows === 0 ? '' : `${escape}${Math.min(rows, (terminal.rows ?? 24) - 1)}A\r`;
  };
  const put = (before: string, lines: readonly string[]): void => {
    const room = Math.max(1, (terminal.rows ?? 24) - 1);
    const above = toTheTop();
    drawn = lines.slice(0, room);
    terminal.write(`${hideCursor}${above}${before}${drawn.map((line) => `${line}${restOfLine}\n`).join('')}${restOfScreen}`);
  };
  return {
    draw: (lines) => put('', lines),
    say: (line) => put(`${line}${restOfLine}\n`, drawn),
    leave: () => {
      drawn = [];
      terminal.write(showCursor);
    },
  };
}
