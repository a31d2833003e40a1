import type { Mutation } from '../mutation.ts';

const folder = 'packages/department/src/rebuild';

/** Defects of building a database again from the log, and of going on with one that was restored. */
export const rebuilding: readonly Mutation[] = [
  {
    name: 'rebuild-past-its-position',
    meaning: 'a rebuild folds what others said up to the end of the log, past what the service has decided on',
    edits: [
      {
        file: `${folder}/foreign-topics.ts`,
        find: 'const other = records.findIndex((record) => !saysPosition(record));',
        replace: 'const other = records.findIndex((record) => record.offset < 0);',
      },
    ],
    within: 100,
  },
  {
    name: 'rebuild-without-cause-positions',
    meaning: 'a rebuild does not take its positions from the causes of its own events',
    edits: [
      {
        file: `${folder}/told-positions.ts`,
        find: '    if (event.causeposition !== undefined) {',
        replace: "    if (event.causeposition !== undefined && event.id === '') {",
      },
    ],
    within: 100,
  },
  {
    name: 'rebuild-without-requests',
    meaning: 'a rebuild forgets which requests were answered',
    edits: [
      {
        file: `${folder}/answered-requests.ts`,
        find: "    if (!event.causationid.startsWith('request/')) return;",
        replace: "    if (!event.causationid.startsWith('request/') || event.id !== '') return;",
      },
    ],
    within: 20,
  },
  {
    name: 'rebuild-without-numbers',
    meaning: 'after a rebuild the relay starts again at number 1',
    edits: [{ file: `${folder}/log-fold.ts`, find: 'counters, inFlight: [] });', replace: 'counters: [], inFlight: [] });' }],
    within: 100,
  },
  {
    name: 'rebuild-without-park',
    meaning: 'a rebuild leaves out what was parked',
    edits: [
      {
        file: `${folder}/foreign-topics.ts`,
        find: 'else parked.push({ ...parkedOf(record, this.#parts.index.definition.consumer), ...end.story });',
        replace: '',
      },
    ],
    within: 40,
  },
  {
    name: 'rebuild-without-dedupe',
    meaning: 'a rebuild folds a record twice that lies twice in the log',
    edits: [
      {
        file: `${folder}/log-reading.ts`,
        find: "    if (place === 'repeated') return false;\n",
        replace: "    if (place === 'repeated') return true;\n",
      },
    ],
    within: 20,
  },
  {
    name: 'decides-on-old-database',
    meaning: 'a service does not notice that its database is older than the log and goes on',
    edits: [{ file: 'packages/department/src/compare-with-log.ts', find: '    if (n > known) {', replace: '    if (n < 0) {' }],
    within: 100,
  },
];
