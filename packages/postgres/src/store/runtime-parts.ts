import type { UnitOfWork } from '@instep/department';

import { byteaArray } from './binary-array.ts';
import { cellText } from './cells.ts';
import { columnsOf, inKeyOrder, type Part, unnested } from './write-part.ts';

/** A partition that was never read has no row; two readers of it meet at the primary key, and the later one finds the offset moved. */
export function positionParts({ consumer, positions }: UnitOfWork): readonly Part[] {
  if (positions.length === 0) return [];
  const ordered = inKeyOrder(positions, 'position', ({ from }) => [from.topic, String(from.partition)]);
  const fresh = ordered.filter(({ from }) => from.nextOffset === 0);
  const known = ordered.filter(({ from }) => from.nextOffset > 0);
  const columns = (moves: typeof ordered) => [
    consumer,
    ...columnsOf(
      moves,
      ({ to }) => to.topic,
      ({ to }) => String(to.partition),
      ({ from }) => String(from.nextOffset),
      ({ to }) => String(to.nextOffset),
      ({ to }) => String(to.lastSequence.epoch),
      ({ to }) => String(to.lastSequence.n),
    ),
  ];
  const names = ['topic', 'partition', 'was', 'next_offset', 'epoch', 'last_sequence'];
  const start: Part = {
    shape: 'position+',
    sql: (param) => {
      const consumerParam = param();
      return (
        `INSERT INTO position (consumer, topic, partition, next_offset, epoch, last_sequence)` +
        ` SELECT ${consumerParam}::text, u.topic, u.partition::int, u.next_offset::bigint, u.epoch::int, u.last_sequence::bigint` +
        ` FROM ${unnested(names, param)}` +
        ` ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset, epoch = EXCLUDED.epoch,` +
        ` last_sequence = EXCLUDED.last_sequence WHERE position.next_offset = 0`
      );
    },
    values: columns(fresh),
    expected: fresh.length,
    says: 'position',
  };
  const move: Part = {
    shape: 'position',
    sql: (param) => {
      const consumerParam = param();
      return (
        `UPDATE position p SET next_offset = u.next_offset::bigint, epoch = u.epoch::int, last_sequence = u.last_sequence::bigint` +
        ` FROM ${unnested(names, param)}` +
        ` WHERE p.consumer = ${consumerParam}::text AND p.topic = u.topic AND p.partition = u.partition::int AND p.next_offset = u.was::bigint`
      );
    },
    values: columns(known),
    expected: known.length,
    says: 'position',
  };
  return [...(known.length > 0 ? [move] : []), ...(fresh.length > 0 ? [start] : [])];
}

export function streamParts({ streams }: UnitOfWork): readonly Part[] {
  if (streams.length === 0) return [];
  const ordered = inKeyOrder(streams, 'stream', ({ tenant, stream, id }) => [tenant, stream, id]);
  const known = ordered.filter(({ loadedVersion }) => loadedVersion > 0);
  const fresh = ordered.filter(({ loadedVersion }) => loadedVersion === 0);
  const columns = (changed: typeof ordered) =>
    columnsOf(
      changed,
      ({ tenant }) => tenant,
      ({ stream }) => stream,
      ({ id }) => id,
      ({ version }) => String(version),
      ({ state }) => JSON.stringify(state),
    );
  const update: Part = {
    shape: 'stream',
    sql: (param) =>
      `UPDATE stream s SET version = u.version::bigint, state = u.state::json` +
      ` FROM ${unnested(['tenant', 'stream', 'id', 'version', 'state', 'was'], param)}` +
      ` WHERE s.tenant = u.tenant AND s.stream = u.stream AND s.id = u.id AND s.version = u.was::bigint`,
    values: [...columns(known), ...columnsOf(known, ({ loadedVersion }) => String(loadedVersion))],
    expected: known.length,
    says: 'stream',
  };
  const insert: Part = {
    shape: 'stream+',
    sql: (param) =>
      `INSERT INTO stream (tenant, stream, id, version, state) SELECT u.tenant, u.stream, u.id, u.version::bigint, u.state::json` +
      ` FROM ${unnested(['tenant', 'stream', 'id', 'version', 'state'], param)}`,
    values: columns(fresh),
    // The count is always right, an insert fails by itself; it is named so that it runs at its turn and not at the end.
    expected: fresh.length,
    says: 'stream',
  };
  return [...(known.length > 0 ? [update] : []), ...(fresh.length > 0 ? [insert] : [])];
}

export function requestPart({ requests }: UnitOfWork): Part | undefined {
  if (requests.length === 0) return undefined;
  const ordered = inKeyOrder(requests, 'request', ({ tenant, key }) => [tenant, key]);
  return {
    shape: 'request+',
    sql: (param) =>
      `INSERT INTO request (tenant, key, hash, answer) SELECT u.tenant, u.key, u.hash, u.answer` +
      ` FROM ${unnested(['tenant', 'key', 'hash', 'answer'], param)}`,
    values: columnsOf(
      ordered,
      ({ tenant }) => tenant,
      ({ key }) => key,
      ({ hash }) => hash,
      ({ answer }) => answer,
    ),
    expected: ordered.length,
    says: 'request',
  };
}

export function redrivenPart({ consumer, redriven }: UnitOfWork): Part | undefined {
  if (redriven.length === 0) return undefined;
  const ordered = inKeyOrder(redriven, 'parked record', ({ topic, key, n }) => [topic, key, String(n)]);
  return {
    shape: 'parked-',
    sql: (param) => {
      const consumerParam = param();
      return (
        `DELETE FROM parked_event e USING ${unnested(['topic', 'key', 'n'], param)}` +
        ` WHERE e.consumer = ${consumerParam}::text AND e.topic = u.topic AND e.key = u.key AND e.n = u.n::bigint`
      );
    },
    values: [
      consumer,
      ...columnsOf(
        ordered,
        ({ topic }) => topic,
        ({ key }) => cellText(key),
        ({ n }) => String(n),
      ),
    ],
    expected: ordered.length,
    says: 'parked record',
  };
}

/** Ids follow the order of the array: PostgreSQL takes them after it has sorted. */
export function outboxPart({ outbox }: UnitOfWork): Part | undefined {
  if (outbox.length === 0) return undefined;
  return {
    shape: 'outbox+',
    sql: (param) =>
      `INSERT INTO outbox (topic, partition, key, type, value) SELECT u.topic, u.partition::int, u.key, u.type, u.value` +
      ` FROM ${ordinal(['topic', 'partition', 'key', 'type', 'value'], param)} ORDER BY u.i`,
    values: columnsOf(
      outbox,
      ({ topic }) => topic,
      ({ partition }) => String(partition),
      ({ key }) => key,
      ({ type }) => type,
      ({ value }) => value,
    ),
  };
}

export function parkedPart({ parked }: UnitOfWork): Part | undefined {
  if (parked.length === 0) return undefined;
  const columns = ['consumer', 'topic', 'partition', 'record_offset', 'key', 'type', 'epoch', 'sequence', 'code', 'reason', 'parked_at'];
  return {
    shape: 'parked+',
    sql: (param) =>
      `INSERT INTO parked_event (${columns.join(', ')}, value) SELECT u.consumer, u.topic, u.partition::int, u.record_offset::bigint, u.key, u.type,` +
      ` u.epoch::int, u.sequence::bigint, u.code, u.reason, to_timestamp(u.parked_at::double precision / 1000), u.value` +
      ` FROM ROWS FROM (unnest(${columns.map(() => `${param()}::text[]`).join(', ')}), unnest(${param()}::bytea[]))` +
      ` WITH ORDINALITY AS u(${columns.join(', ')}, value, i) ORDER BY u.i`,
    values: [
      ...columnsOf(
        parked,
        ({ consumer }) => consumer,
        ({ topic }) => topic,
        ({ partition }) => String(partition),
        ({ offset }) => String(offset),
        ({ key }) => cellText(key),
        ({ type }) => cellText(type),
        ({ sequence }) => cellText(sequence?.epoch),
        ({ sequence }) => cellText(sequence?.n),
        ({ code }) => code,
        ({ reason }) => cellText(reason),
        ({ parkedAt }) => String(parkedAt),
      ),
      byteaArray(parked.map(({ value }) => value)),
    ],
  };
}

function ordinal(columns: readonly string[], param: () => string): string {
  return `unnest(${columns.map(() => `${param()}::text[]`).join(', ')}) WITH ORDINALITY AS u(${[...columns, 'i'].join(', ')})`;
}
