import type { OutboxEvent, ParkedRecord, Position, RowWrite, StreamKey, UnitOfWork } from '../store.ts';

export const consumer = 'conformance';
export const tenant = 'demo';

/** A unit of work that holds only what is given. */
export function unit(parts: Partial<UnitOfWork>): UnitOfWork {
  return { consumer, positions: [], streams: [], rows: [], outbox: [], requests: [], parked: [], redriven: [], ...parts };
}

export function position(nextOffset: number, partition = 0): Position {
  return { topic: 'orders', partition, nextOffset, lastSequence: { epoch: nextOffset === 0 ? 0 : 1, n: nextOffset } };
}

export function moved(from: number, to: number, partition = 0): UnitOfWork['positions'][number] {
  return { from: position(from, partition), to: position(to, partition) };
}

export function streamKey(id: string): StreamKey {
  return { tenant, stream: 'order', id };
}

export function stream(
  id: string,
  loadedVersion: number,
  state: unknown = { id },
  version = loadedVersion + 1,
): UnitOfWork['streams'][number] {
  return { ...streamKey(id), loadedVersion, version, state };
}

export function viewRow(item: string, loadedVersion: number, cells: Partial<RowWrite['row']> = {}): RowWrite {
  const row = { tenant, item, quantity: 1, amount: '1', total: '1', note: null, flag: false };
  return { kind: 'view', table: 'sample_view', loadedVersion, row: { ...row, ...defined(cells) } };
}

export function stateRow(id: string, status: string, small = 1): RowWrite {
  return { kind: 'state', table: 'sample_state', row: { tenant, id, status, small } };
}

export function journalRow(id: string, line: number, amount = '1'): RowWrite {
  return { kind: 'journal', table: 'sample_journal', row: { tenant, id, line, account: '1000', amount } };
}

export function outboxEvent(id: string, value: string): OutboxEvent {
  return { topic: 'orders', partition: 0, key: `${tenant}/${id}`, type: 'order.placed', value };
}

export function parkedRecord(key: string, offset: number, parts: Partial<ParkedRecord> = {}): ParkedRecord {
  return {
    consumer,
    topic: 'orders',
    partition: 0,
    offset,
    key,
    type: 'order.placed',
    sequence: { epoch: 1, n: offset + 1 },
    value: Buffer.from(`record ${offset}`),
    code: 'department/defect',
    reason: 'it does not add up',
    parkedAt: 1_764_000_000_000,
    ...parts,
  };
}

function defined(cells: Partial<RowWrite['row']>): RowWrite['row'] {
  return Object.fromEntries(Object.entries(cells).flatMap(([name, cell]) => (cell === undefined ? [] : [[name, cell]])));
}
