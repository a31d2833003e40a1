import type { Mutation } from '../mutation.ts';

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
];
