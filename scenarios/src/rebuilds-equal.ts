import { expect, it } from '@jest/globals';
import { serviceNames } from '@instep/contracts';

import type { Company } from './company.ts';
import { rebuildOf } from './rebuild.ts';

/** A test for each service: what the log says, and what its database says, are the same. */
export function everyDatabaseRebuildsEqual(company: () => Company): void {
  it.each(serviceNames)(
    'can build the database of %s again from the log, equal row for row',
    async (service) => {
      const { code, output } = await rebuildOf(company(), service);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
    120_000,
  );
}
