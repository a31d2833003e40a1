import type { Mutation } from '../mutation.ts';
import { streamNotCompared, viewNotCompared } from './storing.ts';

const unitOfWork = 'packages/department/src/unit-of-work.ts';
const decisionPass = 'packages/department/src/decision-pass.ts';

const commitPositions = `  await store.commit({
    incarnation,
    consumer: index.definition.consumer,
    positions,`;
const commitUnit = 'await commit(parts, input, selected, pass, work);';
const nothingButPositions = 'streams: [], rows: [], outbox: [], requests: [], parked: [], redriven: []';

/** Defects of the consumer: what is applied, when, and what is remembered of it. */
export const reading: readonly Mutation[] = [
  {
    name: 'no-dedupe',
    meaning: 'neither offset nor sequence is compared: what comes again is applied again',
    edits: [
      {
        file: unitOfWork,
        find: '    if (offset < nextOffset) continue;\n    if (offset > nextOffset) break;\n    if (sequence) {',
        replace: "    if (offset > nextOffset) break;\n    if (sequence && placeOf(sequence, lastSequence) !== 'repeated') {",
      },
    ],
    within: 20,
  },
  {
    name: 'offset-guard-only',
    meaning: 'only the offset is compared: a record that was published again is applied again',
    edits: [
      {
        file: unitOfWork,
        find: '    if (sequence) {\n      const place =',
        replace: "    if (sequence && placeOf(sequence, lastSequence) !== 'repeated') {\n      const place =",
      },
    ],
    within: 20,
  },
  {
    name: 'dedupe-window',
    meaning: 'only the last two sequence numbers are remembered: the window of the dedupe expires',
    edits: [
      { file: unitOfWork, find: "if (place === 'repeated') {", replace: "if (place === 'repeated' && sequence.n > lastSequence.n - 2) {" },
    ],
    within: 40,
  },
  {
    name: 'dedupe-outside-transaction',
    meaning: 'whether a record was applied is looked up before the transaction that applies it',
    edits: [
      {
        file: unitOfWork,
        find: commitPositions,
        replace: `  const looked = await store.load({ incarnation, consumer: index.definition.consumer, positions: positions.map(({ to }) => to), streams: [], rows: [], keys: [], requests: [] });
  await store.commit({
    incarnation,
    consumer: index.definition.consumer,
    positions: positions.map(({ to }, at) => ({ from: looked.positions[at] ?? to, to })),`,
      },
      viewNotCompared,
      streamNotCompared,
    ],
    within: 20,
  },
  {
    name: 'mark-then-do',
    meaning: 'position first, effects after it, in two transactions',
    edits: [
      {
        file: unitOfWork,
        find: commitPositions,
        replace: `  await store.commit({ incarnation, consumer: index.definition.consumer, positions, ${nothingButPositions} });
  await store.commit({
    incarnation,
    consumer: index.definition.consumer,
    positions: [],`,
      },
    ],
    within: 20,
  },
  {
    name: 'do-then-mark',
    meaning: 'effects first, position after them, in two transactions',
    edits: [
      {
        file: unitOfWork,
        find: `    parked: pass.parked,
    redriven,
  });`,
        replace: `    parked: pass.parked,
    redriven,
  });
  if (positions.length > 0) await store.commit({ incarnation, consumer: index.definition.consumer, positions, ${nothingButPositions} });`,
      },
      { file: unitOfWork, find: commitPositions, replace: commitPositions.replace('positions,', 'positions: [],') },
    ],
    within: 20,
  },
  {
    name: 'commit-not-awaited',
    meaning: 'the record counts as applied and the request as done before the database has committed',
    edits: [
      {
        file: unitOfWork,
        find: commitUnit,
        replace: 'void commit(parts, input, selected, pass, work).catch(() => undefined);',
      },
    ],
    within: 20,
  },
  {
    name: 'conflict-taken-for-done',
    meaning: 'a version or position that moved passes for "somebody else did it": the unit is dropped',
    edits: [
      {
        file: unitOfWork,
        find: commitUnit,
        replace: `await commit(parts, input, selected, pass, work).catch((error: unknown) => {
        if (!(error instanceof StoreConflict)) throw error;
      });`,
      },
    ],
    within: 100,
  },
  {
    name: 'parked-key-lets-pass',
    meaning: 'a record whose key is parked is applied before the ones that wait',
    edits: [
      {
        file: decisionPass,
        find: '(this.#context.parkedKeys.has(name) || this.#newlyParked.has(name))',
        replace: 'this.#newlyParked.has(name)',
      },
    ],
    within: 40,
  },
  {
    name: 'poison-passed-over',
    meaning: 'a record that cannot be read is logged and passed over',
    edits: [
      {
        file: decisionPass,
        find: '      const { code, reason } = unfitness(error);\n      return this.#park(item, code, reason);',
        replace: "      return { kind: 'skipped' };",
      },
    ],
    within: 40,
  },
];
