import type { Violation, WorldResult } from '../evidence.ts';
import { invariants, stepInvariants } from '../invariants/index.ts';
import { commitName } from './commit-name.ts';
import type { Variant } from './variant.ts';

const mostViolations = 5;
const mostLines = 40;

/** What somebody who finds a broken seed needs: what was promised, what was seen, the shortest way there, and how to see it again. */
export function failureReport(
  seed: number,
  { result, variant }: { readonly result: WorldResult; readonly variant: Variant },
  mutation?: string,
): string {
  const [first] = result.violations;
  const shown = result.violations.slice(0, mostViolations);
  const lines = result.trace.slice(-mostLines);
  return [
    `SEED ${String(seed)} BREAKS ${first?.invariant ?? '?'} at commit ${commitName()}`,
    `promise   ${promiseOf(first)}`,
    ...shown.map(({ invariant, text }) => `broken    ${invariant}: ${text}`),
    ...(result.violations.length > shown.length ? [`          and ${String(result.violations.length - shown.length)} more`] : []),
    `world     ${String(result.orders)} orders, ${String(result.steps)} steps, faults: ${result.faults.join(', ') || 'none'}`,
    `trace     ${result.traceHash}, the last ${String(lines.length)} lines:`,
    ...lines.map((line) => `  ${line}`),
    `again     ${commandOf(seed, variant, mutation)}`,
  ].join('\n');
}

function commandOf(seed: number, { without, orders }: Variant, mutation: string | undefined): string {
  const smaller = [
    ...(mutation === undefined ? [] : [`--mutation ${mutation}`]),
    ...(without.length === 0 ? [] : [`--without '${without.join(',')}'`]),
    ...(orders === undefined ? [] : [`--orders ${String(orders)}`]),
  ];
  return ['npm run simulate -- --seed', String(seed), ...smaller, '--trace'].join(' ');
}

function promiseOf(violation: Violation | undefined): string {
  const found = [...invariants, ...stepInvariants].find(({ id }) => id === violation?.invariant);
  return found?.promise ?? 'a world comes to its end';
}
