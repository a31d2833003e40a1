import type { ParkedRecord, ParkedStore } from '@instep/department';
import type pg from 'pg';

import { cellText } from './cells.ts';
import { type RawRow, runPooled, text, told } from './session.ts';
import { named } from './statements.ts';

const COLUMNS =
  'e.consumer, e.topic, e.partition, e.record_offset, e.key, e.type, e.epoch, e.sequence, e.code, e.reason,' +
  ` (extract(epoch FROM e.parked_at) * 1000)::bigint, e.n, encode(e.value, 'hex')`;

const LIST = named(
  `SELECT ${COLUMNS}, g.waiting FROM (
     SELECT consumer, topic, key, min(n) AS n, count(*) AS waiting FROM parked_event WHERE consumer = $1 GROUP BY consumer, topic, key ORDER BY min(n) LIMIT $2::bigint
   ) g JOIN parked_event e USING (consumer, topic, key, n) ORDER BY e.n`,
);
/** Those of one cause are looked for every few seconds while anything is parked: the others must not be in their way. */
const LIST_OF = named(
  `SELECT ${COLUMNS}, (SELECT count(*) FROM parked_event w WHERE w.consumer = e.consumer AND w.topic = e.topic AND w.key = e.key) FROM parked_event e
   WHERE e.consumer = $1 AND e.code = $3
     AND NOT EXISTS (SELECT FROM parked_event b WHERE b.consumer = e.consumer AND b.topic = e.topic AND b.key = e.key AND b.n < e.n)
   ORDER BY e.n LIMIT $2::bigint`,
);
const READ = named(`SELECT ${COLUMNS} FROM parked_event e WHERE consumer = $1 AND topic = $2 AND key = $3 ORDER BY n LIMIT $4::bigint`);
const COUNT = named('SELECT count(DISTINCT (topic, key)), count(*) FROM parked_event WHERE consumer = $1');
const WAITING = 13;

export function postgresParking(pool: pg.Pool): ParkedStore {
  return {
    async list(consumer, limit, code) {
      const [statement, asked] = code === undefined ? [LIST, []] : [LIST_OF, [code]];
      const rows = await told(runPooled(pool, statement, [consumer, String(limit), ...asked]));
      return rows.map((row) => ({ ...parkedRecord(row), waiting: Number(text(row, WAITING)) }));
    },
    async read(consumer, topic, key, limit) {
      return (await told(runPooled(pool, READ, [consumer, topic, cellText(key) ?? '', String(limit)]))).map(parkedRecord);
    },
    async count(consumer) {
      const [row] = await told(runPooled(pool, COUNT, [consumer]));
      return row ? { keys: Number(text(row, 0)), records: Number(text(row, 1)) } : { keys: 0, records: 0 };
    },
  };
}

function parkedRecord(row: RawRow): ParkedRecord & { readonly n: number } {
  const [epoch, sequence] = [row[6] ?? null, row[7] ?? null];
  return {
    consumer: text(row, 0),
    topic: text(row, 1),
    partition: Number(text(row, 2)),
    offset: Number(text(row, 3)),
    key: text(row, 4),
    type: row[5] ?? null,
    sequence: epoch === null || sequence === null ? null : { epoch: Number(epoch), n: Number(sequence) },
    value: Buffer.from(text(row, 12), 'hex'),
    code: text(row, 8),
    reason: text(row, 9),
    parkedAt: Number(text(row, 10)),
    n: Number(text(row, 11)),
  };
}
