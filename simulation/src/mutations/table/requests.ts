import type { Mutation } from '../mutation.ts';

/** Stands for the unique key in PostgreSQL. */
const store = 'packages/department/src/in-memory/in-memory-store.ts';
const decisionPass = 'packages/department/src/decision-pass.ts';

/** Defects of the way in: webhooks and requests. */
export const requests: readonly Mutation[] = [
  {
    name: 'request-forgotten',
    meaning: 'the answer to a request is not kept: asked again, it is done again',
    edits: [
      {
        file: decisionPass,
        find: '      this.answered.push({ tenant: request.tenant, ...answer });\n',
        replace: '',
      },
    ],
    within: 20,
  },
  {
    name: 'request-checked-then-inserted',
    meaning: 'the key of a request is not compared when its answer is stored: the versions of what it changes stop the second one',
    edits: [
      {
        file: store,
        find: 'if (requests.has(nameOf([tenant, key])))',
        replace: '      if (requests.has(nameOf([tenant, key])) && key === undefined)',
      },
    ],
    within: 'never',
  },
  {
    name: 'new-key-per-retry',
    meaning: 'the caller takes a new Idempotency-Key for each attempt',
    edits: [
      {
        file: 'simulation/src/shop/office.ts',
        find: '(process) => process.department.execute(command, request)',
        replace:
          '(process) => process.department.execute(command, tries === 0 ? request : { ...request, idempotencyKey: `${idempotencyKey}-${String(tries)}` })',
      },
    ],
    within: 10,
  },
  {
    name: 'webhook-acknowledged-early',
    meaning: 'a webhook is answered with 200 before the log has it',
    edits: [
      {
        file: 'apps/connectors/src/adapters/http/receive-webhook.ts',
        find: 'await parts.raw.append(record);',
        replace: 'void parts.raw.append(record).catch(() => undefined);',
      },
    ],
    within: 20,
  },
];
