import { describe, expect, it } from '@jest/globals';

import { liveScreen } from './screen.ts';

function terminal(columns: number, rows: number) {
  const written: string[] = [];
  return { columns, rows, written, write: (text: string) => written.push(text) };
}

describe('drawing in place', () => {
  it('goes up as far as it drew before', () => {
    const screen = terminal(80, 24);
    const live = liveScreen(screen);
    live.draw(['a', 'b']);
    live.draw(['c']);
    live.draw(['d']);
    expect(screen.written.map((text) => /\u001B\[(\d+)A/.exec(text)?.[1])).toEqual([undefined, '2', '1']);
  });

  it('goes up further when the terminal became too narrow for a line, and draws no more than there is room for', () => {
    const screen = terminal(80, 4);
    const live = liveScreen(screen);
    live.draw(['x'.repeat(60), 'b', 'c', 'd', 'e']);
    expect(screen.written[0]?.split('\n')).toHaveLength(4);
    screen.columns = 40;
    screen.rows = 24;
    live.draw(['a']);
    expect(screen.written[1]).toContain('\u001B[4A');
  });

  it('keeps what is said above what is drawn', () => {
    const screen = terminal(80, 24);
    const live = liveScreen(screen);
    live.draw(['table']);
    live.say('crm ended');
    expect(screen.written[1]).toMatch(/crm ended.*\n.*table/);
  });
});
