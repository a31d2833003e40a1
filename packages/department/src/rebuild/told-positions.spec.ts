import { describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@instep/contracts';

import { ToldPositions } from './told-positions.ts';

const caused = (causeposition: string, causeend?: number): CloudEvent =>
  ({ type: 'order.placed', causeposition, ...(causeend && { causeend }), data: {} }) as CloudEvent;

describe('positions as events tell them', () => {
  it('are behind the furthest input that led to something', () => {
    const told = new ToldPositions();
    for (const position of ['channels/0/3', 'channels/0/7', 'channels/1/2']) told.note(caused(position));
    expect([...told.reached()]).toEqual([
      ['channels/0', 8],
      ['channels/1', 3],
    ]);
  });

  it('are certain only where the last event of an input is there: one of which only a part is there is decided again', () => {
    const told = new ToldPositions();
    told.note(caused('channels/0/7'));
    told.note(caused('channels/0/7', 2));
    told.note(caused('channels/1/2', 1));
    told.note(caused('channels/1/5'));
    expect([...told.certain()]).toEqual([
      ['channels/0', 8],
      ['channels/1', 5],
    ]);
  });
});
