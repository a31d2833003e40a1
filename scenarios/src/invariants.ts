import { serviceNames } from '@instep/contracts';

import type { Company } from './company.ts';

interface Checked {
  readonly watching?: boolean;
  readonly items?: readonly {
    readonly name: string;
    readonly violations: readonly { readonly subject: string; readonly detail: string }[];
    readonly failure: string | null;
  }[];
}

/** Lets every service check all its invariants; one line for each that does not hold or could not be checked. */
export async function violatedInvariants(company: Company): Promise<readonly string[]> {
  const found = await Promise.all(
    serviceNames.map(async (service) => {
      const { status, body } = await company.post<Checked>(service, '/invariants/check', {});
      if (status !== 200 || body.watching !== true) return [`${service} answered ${String(status)}`];
      return (body.items ?? []).flatMap(({ name, violations, failure }) => [
        ...(failure === null ? [] : [`${service} ${name}: ${failure}`]),
        ...violations.map(({ subject, detail }) => `${service} ${name} ${subject}: ${detail}`),
      ]);
    }),
  );
  return found.flat();
}
