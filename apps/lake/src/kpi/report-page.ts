import type { Measured } from './measure.ts';

const mostRows = 40;

/** One page with every figure as picture and table. Needs nothing but itself. */
export function reportPage(pictures: readonly { readonly measured: Measured; readonly svg: string }[]): string {
  const upTo = pictures[0]?.measured.freshness.recordedUpTo ?? 'nothing yet';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Figures of the business</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 860px; padding: 0 1rem; color: #222; }
  h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.5rem; }
  svg { max-width: 100%; height: auto; }
  table { border-collapse: collapse; font-size: 13px; } th, td { padding: 2px 10px; border-bottom: 1px solid #ddd; text-align: left; }
  .figure { text-align: right; font-variant-numeric: tabular-nums; } .note { color: #666; }
</style>
</head>
<body>
<h1>Figures of the business</h1>
<p class="note">From every event recorded up to ${escaped(upTo)}.</p>
<nav>${pictures.map(({ measured: { query } }) => `<a href="#${query.name}">${escaped(query.title)}</a>`).join(' · ')}</nav>
${pictures.map(({ measured, svg }) => section(measured, svg)).join('\n')}
</body>
</html>
`;
}

function section({ query, columns, texts }: Measured, svg: string): string {
  const shown = texts.slice(-mostRows);
  const cut = texts.length > shown.length ? `, the last ${shown.length} of ${texts.length} rows` : '';
  const cells = (row: readonly string[], tag: string): string =>
    row.map((text, index) => `<${tag}${columns[index]?.isFigure ? ' class="figure"' : ''}>${escaped(text)}</${tag}>`).join('');
  return `<section id="${query.name}">
<h2>${escaped(query.title)}</h2>
<p class="note">${escaped(query.unit)}, by ${escaped(query.grain)}; owner ${escaped(query.owner)}; kpi/${query.name}.sql${cut}. ${escaped(query.notes['note'] ?? '')}</p>
${svg}
<details><summary>Table</summary><table><thead><tr>${cells(
    columns.map(({ name }) => name),
    'th',
  )}</tr></thead>
<tbody>${shown.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')}</tbody></table></details>
</section>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
