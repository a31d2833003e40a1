/** One place of a built file that the next release writes differently. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/**
 * What the next release changes: `order.placed/2` says how an order is to be delivered, order-intake decides it, and order-intake and finance
 * each keep it in a column that only grows their tables.
 */
export const edits: readonly Edit[] = [...newVersion(), ...decidedByOrderIntake(), ...keptByOrderIntake(), ...keptByFinance()];

/** The newer version takes the place of the older one, which stays readable. */
function newVersion(): readonly Edit[] {
  const file = 'packages/contracts/dist/registry.js';
  return [
    {
      file,
      find: 'import { orderPlacedV1 } from "./orders/order-placed.v1.js";',
      replace: `import { Type } from 'typebox';
import { orderPlacedV1 } from "./orders/order-placed.v1.js";
const orderPlacedV2 = {
    ...orderPlacedV1,
    version: 2,
    data: Type.Object(
        { ...orderPlacedV1.data.properties, delivery: Type.Union([Type.Literal('standard'), Type.Literal('express')]) },
        { additionalProperties: false }
    )
};`,
    },
    { file, find: '    orderPlacedV1,\n', replace: '    orderPlacedV2,\n' },
    {
      file,
      find: 'olderEvents = [];',
      replace: `olderEvents = [{ ...orderPlacedV1, upcast: (data) => ({ ...data, delivery: 'standard' }) }];`,
    },
  ];
}

function decidedByOrderIntake(): readonly Edit[] {
  const evolve = 'apps/order-intake/dist/domain/order/evolve.js';
  return [
    {
      file: 'apps/order-intake/dist/domain/order/announce-content.js',
      find: '            ...head,\n            content,\n            hold\n',
      replace: `            ...head,
            content,
            hold,
            delivery: content.shipping.net.shop === '0' ? 'standard' : 'express'
`,
    },
    {
      file: evolve,
      find: 'placedAt, currencies, content, hold } = data;',
      replace: 'placedAt, currencies, content, hold, delivery } = data;',
    },
    {
      // What follows from an older event is kept as the older release keeps it: a stream is the same whoever wrote it.
      file: evolve,
      find: '            currency: currencies.shop,\n',
      replace: `            currency: currencies.shop,
            ...(delivery === 'standard' ? {} : { delivery }),
`,
    },
  ];
}

function keptByOrderIntake(): readonly Edit[] {
  const tables = 'apps/order-intake/dist/adapters/postgres';
  return [
    {
      file: 'apps/order-intake/dist/application/order-summary.projection.js',
      find: '                currency,\n',
      replace: `                currency,
                delivery: state.placed.delivery ?? 'standard',
`,
    },
    {
      file: `${tables}/order-summary.schema.js`,
      find: `        currency: {
            type: 'text'
        },
`,
      replace: `        currency: {
            type: 'text'
        },
        delivery: {
            type: 'text'
        },
`,
    },
    ...grown(`${tables}/index.js`, '    FindRecentHistory1795630200000\n', 'order_summary'),
  ];
}

function keptByFinance(): readonly Edit[] {
  const view = 'apps/finance/dist/application/order-facts.projection.js';
  const tables = 'apps/finance/dist/adapters/postgres';
  return [
    {
      file: view,
      find: 'fold: (row, event)=>written(row, event, (facts)=>placed(facts, event.data))',
      replace: 'fold: (row, event)=>({ ...written(row, event, (facts)=>placed(facts, event.data)), delivery: event.data.delivery })',
    },
    {
      file: view,
      find: '        orderId: subject\n',
      replace: `        orderId: subject,
        delivery: row === undefined ? 'standard' : row.delivery
`,
    },
    {
      file: `${tables}/order-facts.schema.js`,
      find: `        facts: {
            type: 'text'
        },
`,
      replace: `        facts: {
            type: 'text'
        },
        delivery: {
            type: 'text'
        },
`,
    },
    ...grown(`${tables}/index.js`, '    NumberJournals1795634000000\n', 'order_facts'),
  ];
}

/** A migration more: a column with a default, so that a release which does not know it goes on writing. */
function grown(file: string, last: string, table: string): readonly Edit[] {
  return [
    {
      file,
      find: 'export const entities = [',
      replace: `class AddDelivery1799999999000 {
    name = 'AddDelivery1799999999000';
    async up(runner) {
        await runner.query(\`ALTER TABLE ${table} ADD COLUMN delivery text NOT NULL DEFAULT 'standard'\`);
    }
}
export const entities = [`,
    },
    { file, find: last, replace: `${last.trimEnd()},\n    AddDelivery1799999999000\n` },
  ];
}
