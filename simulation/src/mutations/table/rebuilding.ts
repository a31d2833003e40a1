import type { Mutation } from '../mutation.ts';

const folder = 'packages/department/src/rebuild';

/** Defects of building a database again from the log. */
export const rebuilding: readonly Mutation[] = [
  {
    name: 'rebuild-past-its-position',
    meaning: 'a rebuild folds what others said up to the end of the log, past what the service has decided on',
    edits: [
      {
        file: `${folder}/log-fold.ts`,
        find: '    await this.#foreign.name();',
        replace: `    await this.#foreign.name();
    for (const { topic, partition } of this.#foreign.positions()) {
      const bounds = await this.#parts.log.bounds(topic);
      await this.#foreign.readTo({ topic, partition, nextOffset: bounds.find((each) => each.partition === partition)?.next ?? 0 });
    }`,
      },
    ],
    within: 60,
  },
  {
    name: 'rebuild-without-cause-positions',
    meaning: 'a rebuild does not take its positions from the causes of its own events',
    edits: [
      {
        file: `${folder}/told-positions.ts`,
        find: '    if (event.causeposition !== undefined) {',
        replace: "    if (event.causeposition === '') {",
      },
    ],
    within: 60,
  },
  {
    name: 'rebuild-without-quiet-positions',
    meaning: 'a rebuild does not see how far the service had read without recording anything',
    edits: [{ file: `${folder}/told-positions.ts`, find: '    if (saysPosition(event)) {', replace: "    if (event.type === '') {" }],
    within: 60,
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
    within: 60,
  },
  {
    name: 'rebuild-without-numbers',
    meaning: 'after a rebuild the relay starts again at number 1',
    edits: [
      {
        file: `${folder}/log-fold.ts`,
        find: '      await lease.allot({ ...ledger, epoch, serial: this.#whole.highest(epoch), counters, inFlight: [] });',
        replace:
          '      await lease.allot({ ...ledger, epoch, serial: this.#whole.highest(epoch), counters: counters.slice(0, 0), inFlight: [] });',
      },
    ],
    within: 60,
  },
  {
    name: 'decides-on-old-database',
    meaning: 'a service does not notice that its database is older than the log and goes on',
    edits: [{ file: 'packages/department/src/compare-with-log.ts', find: '    if (n > known) {', replace: '    if (n < 0) {' }],
    within: 60,
  },
];
