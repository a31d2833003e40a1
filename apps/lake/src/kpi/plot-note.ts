import { LakeFault } from '../fault.ts';
import type { SqlFile } from '../saved/sql-file.ts';

export interface Plot {
  readonly mark: 'line' | 'bar';
  readonly x: string;
  /** Several columns become several lines. */
  readonly y: readonly string[];
  readonly color?: string;
}

/** How the head of a query wants to be drawn: `line x=day y=median,p90`, `bar x=item y=margin color=channel`. */
export function plotOf({ name, notes }: Pick<SqlFile, 'name' | 'notes'>): Plot {
  const [mark, ...settings] = (notes['plot'] ?? '').split(/\s+/);
  const values = Object.fromEntries(settings.map((setting) => setting.split('=', 2) as [string, string]));
  const { x, y, color } = values;
  if ((mark !== 'line' && mark !== 'bar') || x === undefined || y === undefined)
    throw new LakeFault('lake/bad-option', `The query ${name} has no plot in its head, such as "-- plot: line x=day y=share".`);
  return { mark, x, y: y.split(','), ...(color !== undefined && { color }) };
}
