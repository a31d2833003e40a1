import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

import type { SqlFile } from '../saved/sql-file.ts';
import { plotOf } from './plot-note.ts';

type FacetedEncoding = NonNullable<Extract<TopLevelSpec, { encoding?: { row?: unknown } }>['encoding']>;

export type PlotRow = Readonly<Record<string, string | number | null>>;

const widthPx = 720;
const heightPx = 320;

/** The figures of a query as an SVG picture, drawn as its head says. */
export async function drawSvg(query: SqlFile, rows: readonly PlotRow[]): Promise<string> {
  const { spec } = compile(specOf(query, rows));
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logLevel: vega.Error });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The same picture as PNG, twice as fine. Text is drawn with a font of the machine. */
export function pngOf(svg: string): Buffer {
  return Buffer.from(
    new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, background: 'white', font: { loadSystemFonts: true } }).render().asPng(),
  );
}

function specOf(query: SqlFile, rows: readonly PlotRow[]): TopLevelSpec {
  const { mark, x, y, color } = plotOf(query);
  const overTime = rows.some((row) => /^\d{4}-\d\d-\d\d/.test(String(row[x])));
  const drawn = y.length > 1 ? rows.flatMap((row) => y.map((name) => ({ ...row, figure: row[name] ?? null, series: words(name) }))) : rows;
  const series = y.length > 1 ? 'series' : color;
  const value = y.length > 1 ? 'figure' : (y[0] ?? '');
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: query.title, subtitle: `${query.unit}, by ${query.grain}`, anchor: 'start', fontSize: 16 },
    width: widthPx,
    height: heightPx,
    background: 'white',
    padding: 16,
    data: { values: drawn as object[] },
    mark: mark === 'line' ? { type: 'line', point: true, strokeWidth: 2 } : { type: 'bar' },
    encoding: {
      x: {
        field: x,
        title: words(x),
        ...(overTime
          ? { type: 'temporal', timeUnit: 'utcyearmonthdate', axis: { format: '%d %b %y', labelAngle: 0, labelOverlap: true } }
          : { type: 'nominal', axis: { labelAngle: -30 } }),
      },
      y: {
        field: value,
        type: 'quantitative',
        title: query.unit,
        scale: { zero: true },
        ...(query.unit === 'share' && { axis: { format: '.0%' } }),
      },
      ...(series !== undefined && { color: { field: series, type: 'nominal', title: words(series), scale: { scheme: 'tableau10' } } }),
      ...apart(rows, [x, ...y, series]),
      ...(mark === 'bar' && series !== undefined && !overTime && { xOffset: { field: series } }),
    },
    config: { font: 'DejaVu Sans, Liberation Sans, Arial, sans-serif', view: { stroke: '#ddd' } },
  };
}

/** What must not be put together has a picture of its own: a row for each tenant, a column for each currency. */
function apart(rows: readonly PlotRow[], drawn: readonly (string | undefined)[]): Pick<FacetedEncoding, 'row' | 'column'> {
  const differs = (name: string): boolean => !drawn.includes(name) && new Set(rows.map((row) => row[name])).size > 1;
  return {
    ...(differs('tenant') && { row: { field: 'tenant', type: 'nominal' } }),
    ...(differs('currency') && { column: { field: 'currency', type: 'nominal' } }),
  };
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}
