import type { DepartmentIndex } from '../department-index.ts';
import type { RowWrite, StoredStream, StreamKey } from '../store.ts';
import type { FoldTarget } from './folded-unit.ts';
import { emptyUnit } from './folded-unit.ts';
import { batchSize } from './log-reading.ts';

/**
 * Rows from the states of streams, written when all is folded: events of different streams come in another order than they happened, so in
 * between a row may say what never was, such as more set aside than is there.
 */
export class StateTables {
  /** Streams that changed since rows were last written; `all` before the first time. */
  #changed: Map<string, StreamKey> | 'all' = 'all';

  changed(keys: readonly StreamKey[]): void {
    if (this.#changed === 'all') return;
    for (const key of keys) this.#changed.set(`${key.tenant}\u0000${key.stream}\u0000${key.id}`, key);
  }

  async write(target: FoldTarget): Promise<void> {
    const { index, store } = target;
    for await (const streams of this.#streams(target)) {
      const rows = streams.flatMap((stream) => stateRows(index, stream));
      await store.commit({ ...emptyUnit(index), rows });
    }
    this.#changed = new Map();
  }

  async *#streams({ index, store }: FoldTarget): AsyncIterable<readonly StoredStream[]> {
    if (this.#changed === 'all') {
      for (let last: StreamKey | undefined; ;) {
        const page: readonly StoredStream[] = await store.scanStreams(last, batchSize);
        if (page.length === 0) return;
        yield page;
        last = page.at(-1);
      }
    }
    const keys = [...this.#changed.values()];
    const { consumer } = index.definition;
    for (let at = 0; at < keys.length; at += batchSize) {
      const streams = keys.slice(at, at + batchSize);
      yield (await store.load({ consumer, positions: [], rows: [], keys: [], requests: [], streams })).streams;
    }
  }
}

function stateRows(index: DepartmentIndex, { tenant, stream, id, version, state }: StoredStream): RowWrite[] {
  return (index.stateTables.get(stream) ?? []).flatMap((table) =>
    table.rows(state, { tenant, id, version }).map((row) => ({ kind: 'state' as const, table: table.table.name, row })),
  );
}
