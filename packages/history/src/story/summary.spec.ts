import { describe, expect, it } from '@jest/globals';
import { decodeEvent } from '@instep/contracts';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { summaryOf } from './summary.ts';

const golden = join(import.meta.dirname, '../../../contracts/golden');
const samples = globSync('*/v*.json', { cwd: golden }).map((name) => ({ name, event: decodeEvent(readFileSync(join(golden, name))) }));

describe('the line about an event', () => {
  it.each([
    ['order.placed/v1.json', '#1001, 2 lines, 40.7 USD'],
    ['order.paid/v1.json', '51.7 USD, complete'],
    ['order.backordered/v1.json', '1 line'],
    ['journal.posted/v1.json', 'payment, 2 lines'],
    ['commission.earned/v1.json', '2.1 USD, 2026-03'],
    ['stock.received/v1.json', 'MUG, at 655441491, 50, 155 USD'],
    ['webhook.received/v1.json', 'orders/create'],
    ['finance.dead-letter/v1.json', 'orders/1/41 parked: contract/unknown-version'],
    ['crm.redriven/v1.json', 'orders/1/41 applied after all'],
    ['order.confirmed/v1.json', ''],
  ])('of %s is "%s"', (name, line) => {
    const sample = samples.find((each) => each.name === name);
    expect(sample && summaryOf(sample.event)).toBe(line);
  });

  it('is short, and holds no personal data of any event there is', () => {
    expect(samples.length).toBeGreaterThan(40);
    const leaks = samples.flatMap(({ name, event }) => {
      const line = summaryOf(event);
      const told = personalTexts(event.data).filter((text) => line.includes(text));
      return told.length > 0 || line.length > 120 ? [{ name, line, told }] : [];
    });
    expect(leaks).toEqual([]);
  });
});

/** What stands in `personal` sub-objects and in contacts, however deep. */
function personalTexts(value: unknown, inside = false): readonly string[] {
  if (typeof value === 'string') return inside && value.length > 2 ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    personalTexts(part, inside || ['personal', 'contact', 'identities', 'body', 'value', 'tracking'].includes(name)),
  );
}
