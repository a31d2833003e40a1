import { EntitySchema } from 'typeorm';

/** State of a department's own streams: the fold of its own topics. `json` and not `jsonb`: nobody queries inside, and it keeps what it was given. */
export const streamSchema = new EntitySchema<{ tenant: string; stream: string; id: string; version: string; state: string }>({
  name: 'stream',
  columns: {
    tenant: { type: 'text', primary: true, primaryKeyConstraintName: 'stream_pkey' },
    stream: { type: 'text', primary: true, primaryKeyConstraintName: 'stream_pkey' },
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'stream_pkey' },
    version: { type: 'bigint' },
    state: { type: 'json' },
  },
});

/** How far each partition was applied. Written with what the records did, never apart from it. */
export const positionSchema = new EntitySchema<{
  consumer: string;
  topic: string;
  partition: number;
  nextOffset: string;
  epoch: number;
  lastSequence: string;
}>({
  name: 'position',
  columns: {
    consumer: { type: 'text', primary: true, primaryKeyConstraintName: 'position_pkey' },
    topic: { type: 'text', primary: true, primaryKeyConstraintName: 'position_pkey' },
    partition: { type: 'integer', primary: true, primaryKeyConstraintName: 'position_pkey' },
    nextOffset: { type: 'bigint', name: 'next_offset' },
    epoch: { type: 'integer' },
    lastSequence: { type: 'bigint', name: 'last_sequence' },
  },
});

/** Events decided and not yet acknowledged by the log. Empty when all is well. */
const outboxSchema = new EntitySchema<{
  id: string;
  topic: string;
  partition: number;
  key: string;
  type: string;
  value: string;
  recordedAt: Date;
}>({
  name: 'outbox',
  columns: {
    id: { type: 'bigint', primary: true, primaryKeyConstraintName: 'outbox_pkey', generated: 'increment' },
    topic: { type: 'text' },
    partition: { type: 'integer' },
    key: { type: 'text' },
    type: { type: 'text' },
    value: { type: 'text' },
    recordedAt: { type: 'timestamptz', name: 'recorded_at', default: () => 'now()' },
  },
});

/** One row: the numbers given out so far, and what was given out and perhaps sent. `generation` lets one relay at a time give out numbers. */
const relaySchema = new EntitySchema<{
  one: number;
  generation: string;
  epoch: number;
  serial: string;
  counters: string;
  inFlight: string;
}>({
  name: 'relay',
  columns: {
    one: { type: 'smallint', primary: true, primaryKeyConstraintName: 'relay_pkey', default: 1 },
    generation: { type: 'bigint' },
    epoch: { type: 'integer' },
    serial: { type: 'bigint', default: 0 },
    counters: { type: 'text' },
    inFlight: { type: 'text', name: 'in_flight' },
  },
  checks: [{ name: 'relay_one_row', expression: 'one = 1' }],
});

/** Records that could not be applied and those of their keys that follow, as they came. */
const parkedEventSchema = new EntitySchema<{
  consumer: string;
  topic: string;
  key: string;
  n: string;
  partition: number;
  recordOffset: string;
  type: string | null;
  epoch: number | null;
  sequence: string | null;
  value: Buffer;
  code: string;
  reason: string;
  parkedAt: Date;
}>({
  name: 'parked_event',
  columns: {
    consumer: { type: 'text', primary: true, primaryKeyConstraintName: 'parked_event_pkey' },
    topic: { type: 'text', primary: true, primaryKeyConstraintName: 'parked_event_pkey' },
    key: { type: 'text', primary: true, primaryKeyConstraintName: 'parked_event_pkey' },
    n: { type: 'bigint', primary: true, primaryKeyConstraintName: 'parked_event_pkey', generated: 'increment' },
    partition: { type: 'integer' },
    recordOffset: { type: 'bigint', name: 'record_offset' },
    type: { type: 'text', nullable: true },
    epoch: { type: 'integer', nullable: true },
    sequence: { type: 'bigint', nullable: true },
    value: { type: 'bytea' },
    code: { type: 'text' },
    reason: { type: 'text' },
    parkedAt: { type: 'timestamptz', name: 'parked_at' },
  },
});

/** Answers to requests, so that the same request again gets the same answer and does nothing. */
export const requestSchema = new EntitySchema<{ tenant: string; key: string; hash: string; answer: string }>({
  name: 'request',
  columns: {
    tenant: { type: 'text', primary: true, primaryKeyConstraintName: 'request_pkey' },
    key: { type: 'text', primary: true, primaryKeyConstraintName: 'request_pkey' },
    hash: { type: 'text' },
    answer: { type: 'text' },
  },
});

/** The tables of the runtime, which every department has. */
export const runtimeEntitySchemas = [streamSchema, positionSchema, outboxSchema, relaySchema, parkedEventSchema, requestSchema] as const;
