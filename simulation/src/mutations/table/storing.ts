import type { Edit, Mutation } from '../mutation.ts';

/** The store in memory stands for what the adapter of PostgreSQL compares; both pass the same suite. */
const store = 'packages/department/src/in-memory/in-memory-store.ts';
const table = 'packages/department/src/in-memory/stored-table.ts';
const outbox = 'packages/department/src/in-memory/stored-outbox.ts';

const streamCompared = 'if (found !== stream.loadedVersion) {';
export const streamNotCompared: Edit = { file: store, find: streamCompared, replace: 'if (found < 0) {' };
const positionNotCompared: Edit = { file: store, find: 'if (found !== from.nextOffset)', replace: 'if (found < 0)' };
export const viewNotCompared: Edit = {
  file: table,
  find: "write.kind === 'view' ? write.loadedVersion : 0",
  replace: "write.kind === 'view' ? found : 0",
};
const leaseForAll: readonly Edit[] = [
  { file: outbox, find: '    if (this.#holder) return undefined;\n', replace: '' },
  { file: outbox, find: 'const held = (): boolean => this.#holder === holder;', replace: 'const held = (): boolean => true;' },
];
const generationNotCompared: Edit = {
  file: outbox,
  find: 'if (ledger.generation !== this.#ledger.generation) return false;',
  replace: '',
};

/** Defects of what a commit compares, and of who may send. */
export const storing: readonly Mutation[] = [
  {
    name: 'position-not-compared',
    meaning: 'what the group hands out is applied, wherever the database stands, and the commit does not compare either',
    edits: [
      positionNotCompared,
      {
        file: 'packages/department/src/unit-of-work.ts',
        find: 'select(slice, items, loaded.positions[at] ?? neverRead(slice))',
        replace: `select(slice, items, {
      ...neverRead(slice),
      nextOffset: slice.records[0]?.offset ?? 0,
      lastSequence: { epoch: slice.records[0]?.sequence?.epoch ?? 0, n: (slice.records[0]?.sequence?.n ?? 1) - 1 },
    })`,
      },
    ],
    within: 20,
  },
  {
    name: 'position-not-compared-at-commit',
    meaning: 'the position is compared when a slice is chosen but not when it is committed: the versions of the streams stop a zombie',
    edits: [positionNotCompared],
    within: 'never',
  },
  {
    name: 'zombie-not-fenced',
    meaning: 'neither position nor versions are compared: who was thrown out writes over its successor',
    edits: [positionNotCompared, viewNotCompared, streamNotCompared],
    within: 10,
  },
  {
    name: 'stream-without-its-version',
    meaning: 'a stream is saved without the version that it was loaded at: stock is read without a lock',
    edits: [streamNotCompared],
    within: 20,
  },
  {
    name: 'created-twice',
    meaning: 'a stream that did not exist is saved by upsert: no lock holds a row that is not there yet',
    edits: [{ file: store, find: streamCompared, replace: 'if (found !== stream.loadedVersion && stream.loadedVersion > 0) {' }],
    within: 60,
  },
  {
    name: 'view-row-not-compared',
    meaning: 'a row of a view is saved without the version that it was loaded at: its key is read in one place, whose position is compared',
    edits: [viewNotCompared],
    within: 'never',
  },
  {
    name: 'two-relays-stamping',
    meaning: 'two relays give out numbers at once: neither a lease nor a generation stops one of them',
    edits: [...leaseForAll, generationNotCompared],
    within: 20,
  },
  {
    name: 'relay-skips-locked',
    meaning: 'two relays share the outbox by SKIP LOCKED, each with its own part of the rows',
    edits: [
      ...leaseForAll,
      generationNotCompared,
      {
        file: outbox,
        find: '        return this.all().slice(0, limit);',
        replace: `        const handed = ((this as unknown as { handed?: Map<number, object> }).handed ??= new Map());
        const rows = this.all().filter(({ id }) => (handed.get(id) ?? holder) === holder).slice(0, 3);
        for (const { id } of rows) handed.set(id, holder);
        return limit === 0 ? [] : rows;`,
      },
    ],
    within: 20,
  },
  {
    name: 'two-relays',
    meaning: 'no lease: two relays send at once, but the generation of the ledger is compared',
    edits: leaseForAll,
    within: 'never',
  },
];
