import { text } from 'node:stream/consumers';

import { defaultQueryLimits, type QueryLimits } from '../query/limits.ts';
import type { Answer } from '../query/messages.ts';
import { QueryProcess } from '../query/query-runner.ts';
import type { AsOf } from '../row-history/as-of-views.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Asks a lake in a process of its own, as `npm run sql` does. */
export async function ask(
  lake: string,
  sql: string,
  limits: Partial<QueryLimits> = {},
  { signal, asOf }: { readonly signal?: AbortSignal; readonly asOf?: AsOf } = {},
): Promise<Answer & { readonly table: readonly Row[] }> {
  const { bytes, done } = QueryProcess.start(lake, { ...defaultQueryLimits, ...limits }, asOf).ask({
    sql,
    format: 'json',
    ...(signal && { signal }),
  });
  const [answer, json] = await Promise.all([done, text(bytes)]);
  return { ...answer, table: JSON.parse(json) as Row[] };
}
