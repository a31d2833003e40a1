import { createHash } from 'node:crypto';

import type { CloudEvent } from '@instep/contracts';
import type { Ids, InMemoryStore, OutboxEvent, RowWrite, Store } from '@instep/department';

import type { RecordedDecision } from './history.ts';

/** An input that led to nothing would lead to something: it was read later than this. */
export class NotYet extends Error {}

/**
 * Gives what is decided once more the ids that it had. The runtime asks for ids before it says for what; so it is given place-holders, and
 * when the decision is written each is replaced: by the id that the same event of the same cause had in history, or by a new one that is the
 * same in every run. `change` may alter an event before it is written.
 */
export class KnownIds implements Ids {
  #asked = 0;
  #cause = '';
  #expected: RecordedDecision | undefined;
  #silent = false;

  next(): string {
    this.#asked += 1;
    return `⟦${String(this.#asked)}⟧`;
  }

  /** From here on this cause is decided. `silent`: it must lead to nothing, else `NotYet` is thrown and nothing is written. */
  begin(cause: string, expected: RecordedDecision | undefined, silent = false): void {
    this.#cause = cause;
    this.#expected = expected;
    this.#silent = silent;
  }

  writingTo(store: InMemoryStore, change: (event: OutboxEvent) => OutboxEvent): Store {
    return {
      ...store,
      commit: async (unit) => {
        if (unit.outbox.length === 0) {
          await store.commit(unit);
          return;
        }
        if (this.#silent) throw new NotYet();
        const replace = replacing(this.#idsOf(unit.outbox));
        await store.commit({
          ...unit,
          outbox: unit.outbox.map((event) => change({ ...event, value: replace(event.value) })),
          rows: unit.rows.map((write) => ({ ...write, row: replacedRow(write, replace) })),
          requests: unit.requests.map((request) => ({ ...request, answer: replace(request.answer) })),
        });
      },
    };
  }

  #idsOf(outbox: readonly OutboxEvent[]): ReadonlyMap<string, string> {
    const open = [...(this.#expected?.events ?? [])];
    const ids = new Map<string, string>();
    for (const [n, { value }] of outbox.entries()) {
      const { id, type, tenant, subject } = JSON.parse(value) as CloudEvent;
      const at = open.findIndex(({ event }) => event.type === type && event.subject === subject && event.tenant === tenant);
      const [known] = at < 0 ? [] : open.splice(at, 1);
      ids.set(id, known?.event.id ?? newId(`${this.#cause} ${type} ${tenant}/${subject} ${String(n)}`));
    }
    return ids;
  }
}

function replacing(ids: ReadonlyMap<string, string>): (text: string) => string {
  return (text) => (text.includes('⟦') ? text.replaceAll(/⟦\d+⟧/g, (id) => ids.get(id) ?? id) : text);
}

function replacedRow({ row }: RowWrite, replace: (text: string) => string): RowWrite['row'] {
  return Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, typeof cell === 'string' ? replace(cell) : cell]));
}

function newId(from: string): string {
  const hex = createHash('sha256').update(from).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
