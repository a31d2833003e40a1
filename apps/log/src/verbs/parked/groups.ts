import type { ServiceName } from '@instep/contracts';

import type { Parked } from './select.ts';

/** Keys that stand still for the same cause. */
export interface Group {
  readonly service: ServiceName;
  readonly code: string;
  readonly reason: string;
  readonly keys: number;
  readonly records: number;
  readonly oldest: string;
  readonly example: string;
}

/** By service and cause, in the order of their oldest keys. */
export function groupsOf(keys: readonly Parked[]): readonly Group[] {
  const groups = Map.groupBy(keys, ({ service, first }) => [service, first.code, alike(first.reason)].join('\u0000'));
  return [...groups.values()].flatMap((members) => {
    const [oldest] = members;
    if (!oldest) return [];
    const records = members.reduce((sum, key) => sum + key.records, 0);
    const { service, first, topic, key } = oldest;
    return [
      {
        service,
        code: first.code,
        reason: first.reason,
        keys: members.length,
        records,
        oldest: first.parkedAt,
        example: `${topic} ${key}`,
      },
    ];
  });
}

/** Reasons that differ in ids and figures only are one cause. */
function alike(reason: string): string {
  return (reason.split('\n')[0] ?? '').replaceAll(/[\w:@.-]*\d[\w:@.-]*/g, '#');
}
