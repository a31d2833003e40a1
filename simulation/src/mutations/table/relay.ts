import type { Mutation } from '../mutation.ts';

const relayFile = 'packages/department/src/relay.ts';

const nextNumber = 'const n = (counters.get(name)?.n ?? 0) + 1;';
const allotThenSend = `      if (!(await lease.allot(allotted))) return;
      ledger = { ...allotted, generation: allotted.generation + 1 };
      await this.#append(lease, rows, allotted);`;
const append = '      await this.#append(lease, rows, allotted);';
const resend = 'if (rows.length > 0) await this.#append(lease, rows, ledger);';

const deletedBeforeAck = {
  file: relayFile,
  find: append,
  replace: `      await lease.next(rows.map(({ id }) => id), 0);\n${append}`,
};

/** Defects of the relay: how events get from the outbox into the log, and with which numbers. */
export const relaying: readonly Mutation[] = [
  {
    name: 'relay-without-ledger',
    meaning: 'after a crash the outbox is sent as if nothing had been under way: with new numbers',
    edits: [
      { file: relayFile, find: 'if (ledger.inFlight.length === 0) return [];', replace: 'if (ledger.inFlight.length >= 0) return [];' },
    ],
    within: 20,
  },
  {
    name: 'in-flight-renumbered',
    meaning: 'what was under way is sent again with new numbers, which are then given out a second time',
    edits: [{ file: relayFile, find: resend, replace: 'if (rows.length > 0) await this.#append(lease, rows, allot(ledger, rows));' }],
    within: 20,
  },
  {
    name: 'number-from-outbox-id',
    meaning: 'the sequence is the id of the outbox row',
    edits: [{ file: relayFile, find: nextNumber, replace: 'const n = id;' }],
    within: 5,
  },
  {
    name: 'high-water-mark-on-outbox-id',
    meaning: 'the id of the outbox row is the sequence, readers drop what is not above the highest seen and know no gaps',
    edits: [
      { file: relayFile, find: nextNumber, replace: 'const n = id;' },
      { file: 'packages/department/src/unit-of-work.ts', find: "if (place === 'gap') {", replace: "if (place === 'never') {" },
    ],
    within: 20,
  },
  {
    name: 'outbox-by-cursor',
    meaning: 'the relay reads the outbox by id > cursor, but rows become visible in another order',
    edits: [
      {
        file: relayFile,
        find: '    let idle = idleMs.first;\n    while (',
        replace: '    let idle = idleMs.first;\n    let cursor = 0;\n    while (',
      },
      {
        file: relayFile,
        find: '      const rows = await lease.next(acknowledged, batch);',
        replace: `      const rows = (await lease.next(acknowledged, batch)).filter(({ id }) => id > cursor);
      for (const { id } of rows) cursor = Math.max(cursor, id);`,
      },
    ],
    within: 20,
  },
  {
    name: 'sent-before-stored',
    meaning: 'numbers are stored after the records were sent',
    edits: [
      {
        file: relayFile,
        find: allotThenSend,
        replace: `      await this.#append(lease, rows, allotted);
      if (!(await lease.allot(allotted))) return;
      ledger = { ...allotted, generation: allotted.generation + 1 };`,
      },
    ],
    within: 60,
  },
  {
    name: 'deleted-before-ack',
    meaning: 'rows of the outbox are removed before the log has acknowledged them',
    edits: [deletedBeforeAck],
    within: 20,
  },
  {
    name: 'gap-ignored',
    meaning: 'rows are removed before the acknowledgement, and readers do not mind a missing number',
    edits: [
      deletedBeforeAck,
      { file: 'packages/department/src/unit-of-work.ts', find: "if (place === 'gap') {", replace: "if (place === 'never') {" },
    ],
    within: 20,
  },
  {
    name: 'send-failure-swallowed',
    meaning: 'a batch that the log did not answer counts as sent',
    edits: [
      {
        file: relayFile,
        find: 'if (!isTransient(error) || this.#stop.signal.aborted || !lease.held()) throw error;',
        replace: 'if (isTransient(error)) return;\n        throw error;',
      },
    ],
    within: 20,
  },
  {
    name: 'key-spread-over-partitions',
    meaning: 'the partition is chosen by the id of the event, so events of one stream overtake each other',
    edits: [
      {
        file: 'packages/department/src/stamp-event.ts',
        find: 'partition: partitionOfKey(key, topic.partitions)',
        replace: 'partition: partitionOfKey(id, topic.partitions)',
      },
    ],
    within: 5,
  },
];
