import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, it, jest } from '@jest/globals';

import { ask } from '../src/testing/ask.ts';
import { sampleLake } from '../src/testing/lake-in-memory.ts';
import { elsewhere, eventsOf } from '../src/testing/sample-story.ts';
import { openForWriting } from '../src/open-for-writing.ts';
import { writeLists } from '../src/cli/export-command.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

const example = fileURLToPath(new URL('../examples/margin.py', import.meta.url));
const python = process.env['LAKE_PYTHON'] ?? 'python3';
const present = spawnSync(python, ['-c', 'import pandas, pyarrow']).status === 0;
if (!present)
  process.stderr.write(`The Python example is not run: ${python} with pandas and pyarrow is not here (LAKE_PYTHON names another).\n`);

(present ? it : it.skip)('the Python example gives what SQL gives', async () => {
  const lake = sampleLake({ orders: 1, inventory: 1, finance: 1 });
  for (let n = 0; n < 20; n += 1) {
    const story = {
      orderId: `order-${n}`,
      channel: 'web',
      placedAt: Date.UTC(2026, 2, 2, n),
      item: `ITEM-${n % 3}`,
      quantity: 1 + (n % 2),
      priceCents: 999,
      costCents: 300,
      customer: null,
    };
    const told = eventsOf(story);
    // Another company sells some of the same items, in orders of the same ids.
    for (const { topic, record } of n < 5 ? [...told, ...told.map(elsewhere)] : told) await lake.append(topic, 0, [record]);
  }
  await lake.export();
  const writing = await openForWriting(lake.folder, undefined);
  writeLists(writing);
  await writing.close();
  const { stdout, stderr } = spawnSync(python, [example, lake.folder], { encoding: 'utf8' });
  const { table } = await ask(
    lake.folder,
    'SELECT tenant, item, sum(quantity) AS pieces, sum(net) AS net FROM order_lines GROUP BY ALL ORDER BY ALL',
  );
  expect(stderr).toBe('');
  const [head, ...lines] = stdout.trim().split('\n');
  expect(head).toBe('tenant,item,pieces,net');
  // 99.9 and 99.90 are the same amount.
  expect(lines.map((line) => line.split(',')).map(([tenant, item, pieces, net]) => [tenant, item, Number(pieces), Number(net)])).toEqual(
    table.map(({ tenant, item, pieces, net }) => [tenant, item, Number(pieces), Number(net)]),
  );
  await lake.remove();
});
