import type { DepartmentIndex } from '../department-index.ts';
import type { IncomingEvent } from '../incoming-event.ts';
import type { RowWrite, Store, StreamKey, UnitOfWork } from '../store.ts';
import { WorkSet } from '../work-set.ts';

/** Where folded events go. */
export interface FoldTarget {
  readonly index: DepartmentIndex;
  readonly store: Store;
}

export function emptyUnit({ definition }: DepartmentIndex): UnitOfWork {
  return { consumer: definition.consumer, positions: [], streams: [], rows: [], outbox: [], requests: [], parked: [], redriven: [] };
}

/** Folds until nothing is missing any more, then writes it with the rest of the unit. Resolves with the streams that changed. */
export async function commitFolded(
  { index, store }: FoldTarget,
  fold: (work: WorkSet) => void,
  rest: Partial<UnitOfWork>,
): Promise<readonly StreamKey[]> {
  const work = new WorkSet();
  const { consumer } = index.definition;
  fold(work);
  while (work.missing) {
    work.add(await store.load({ consumer, positions: [], keys: [], requests: [], ...work.takeMissing() }));
    work.reset();
    fold(work);
  }
  const streams = work.changedStreams();
  const rows = [...work.changedRows(), ...(rest.rows ?? [])];
  await store.commit({ ...emptyUnit(index), ...rest, streams, rows });
  return streams;
}

export function journalRows(index: DepartmentIndex, event: IncomingEvent): RowWrite[] {
  return (index.journals.get(event.type) ?? []).flatMap(({ table, rows }) =>
    rows(event).map((row) => ({ kind: 'journal' as const, table: table.name, row })),
  );
}

export function foldViews(index: DepartmentIndex, work: WorkSet, event: IncomingEvent): void {
  for (const { table, fold } of index.views.get(event.type) ?? []) {
    for (const key of fold.keys(event)) {
      const row = work.row(table, key);
      if (row === 'missing') continue;
      const after = fold.fold(row, event, key);
      if (after !== undefined && after !== row) work.setRow(table, key, after);
    }
  }
}
