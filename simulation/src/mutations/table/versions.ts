import type { Edit, Mutation } from '../mutation.ts';

const stamp = 'packages/department/src/stamp-event.ts';
const older = "definition.name === 'order.paid' && decided.id.charCodeAt(decided.id.length - 1) % 2 === 0";

/** An older release wrote half of the payments: `received` was then what had been received before. */
const olderPayments: readonly Edit[] = [
  {
    file: 'packages/contracts/src/registry.ts',
    find: 'export const olderEvents: readonly EventDefinition[] = [];',
    replace: `export const olderEvents: readonly EventDefinition[] = [
  {
    ...orderPaidV1,
    version: 0,
    upcast: (data: { amount: string; received: string }) => ({ ...data, received: String(Number((Number(data.received) + Number(data.amount)).toFixed(2))) }),
  } as unknown as EventDefinition,
];`,
  },
  {
    file: stamp,
    find: '  const value = encodeEvent(event);',
    replace: `  const data = event.data as { readonly amount: string; readonly received: string };
  const value = encodeEvent(
    ${older}
      ? { ...event, dataschema: 'order.paid/0', data: { ...data, received: (Number(data.received) - Number(data.amount)).toFixed(2) } }
      : event,
  );`,
  },
];

/** Events of an older release in the log, with their upcaster and without it. */
export const versioning: readonly Mutation[] = [
  {
    name: 'older-version-in-the-log',
    meaning: 'half of the payments are written by an older release, in the version before, which has its upcaster',
    edits: olderPayments,
    within: 'never',
  },
  {
    name: 'upcaster-missing',
    meaning: 'the same, but what is read of the older version is taken as it is',
    edits: [
      ...olderPayments,
      {
        file: 'packages/contracts/src/decode-event.ts',
        find: 'return definition.upcast ? upcast(event, definition) : event;',
        replace: 'return event;',
      },
    ],
    within: 10,
  },
];
