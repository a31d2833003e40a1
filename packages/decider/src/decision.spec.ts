import { describe, expect, it } from '@jest/globals';

import { defineCommand } from './command.ts';
import { accept, nothing, record, refuse } from './decision.ts';
import type { StreamDefinition } from './stream.ts';

interface Opened {
  readonly type: 'door.opened';
  readonly data: { readonly by: string };
}

const door: StreamDefinition<boolean, Opened> = { name: 'door', initial: () => false, evolve: () => true };

const open = defineCommand<{ readonly id: string; readonly by: string }>({
  name: 'open',
  streams: ({ id }) => [{ stream: door, id }],
  decide: ({ id, by }, read) =>
    read.state(door, id)
      ? refuse('door/open', 'the door is open', { id })
      : accept(record(door, id, [{ type: 'door.opened', data: { by } }])),
});

const reading = (state: boolean) => ({ state: () => state as never, version: () => 0, has: () => true });
const context = { tenant: 'demo', time: '2026-01-01T00:00:00.000Z' };

describe('a command', () => {
  it('carries its data and what decides on it', () => {
    const { command, data } = open.with({ id: 'front', by: 'Ann' });
    expect(command.decide(data, reading(false), context)).toEqual({
      events: [{ stream: 'door', id: 'front', event: { type: 'door.opened', data: { by: 'Ann' } } }],
    });
    expect(command.decide(data, reading(true), context)).toEqual({
      refused: { code: 'door/open', message: 'the door is open', details: { id: 'front' } },
    });
  });
});

describe('a decision', () => {
  it('keeps events of several streams in the order of deciding, with a time of their own where they have one', () => {
    const [first, second] = [
      record(door, 'a', [{ type: 'door.opened', data: { by: 'x' } }], '2025-12-31T00:00:00Z'),
      record(door, 'b', [{ type: 'door.opened', data: { by: 'y' } }]),
    ];
    expect(accept(first, second)).toMatchObject({ events: [{ id: 'a', time: '2025-12-31T00:00:00Z' }, { id: 'b' }] });
    expect(accept(first, second)).toHaveProperty('events.1.event.data.by', 'y');
  });

  it('may be that nothing happened', () => {
    expect(nothing).toEqual({ events: [] });
  });

  it('spells a refusal without details as one', () => {
    expect(refuse('door/locked', 'locked')).toEqual({ refused: { code: 'door/locked', message: 'locked' } });
  });
});
