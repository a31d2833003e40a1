import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { topics, type CloudEvent } from '@instep/contracts';
import { saysDeadLetter } from '@instep/department';
import { exportLog } from '@instep/lake/log';
import { add, compare, decimal, isNegative, multiply, negate, round, subtract, zero } from '@instep/values';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { runReplay } from '../src/index.ts';
import { companyAtWork, type Company } from '../src/testing/company.ts';
import { departments } from '../src/departments.ts';
import type { Answer } from '../src/what-if/ask-what-if.ts';
import { compareTables, compareWithHistory, eventsOf } from '../src/what-if/compare-played.ts';
import { readHistory, type History, type RecordedEvent } from '../src/what-if/history.ts';
import { changesOf, readSetting, unchanged } from '../src/what-if/rules.ts';
import { play, type Played } from '../src/what-if/stage.ts';
import { assertRemovable, readAdded, readDepartment } from '../src/what-if/wanted.ts';

jest.setTimeout(120_000);

const scratch = mkdtempSync(join(tmpdir(), 'what-if-'));
const lake = join(scratch, 'lake');
const broken = join(scratch, 'broken.mjs');
let company: Company;
let history: History;
let played: Played;
let printed = '';

beforeAll(async () => {
  company = await companyAtWork(24);
  await exportLog(lake, company.log, Object.keys(topics), 100);
  writeFileSync(broken, `throw new Error('no such table');`);
  const ranges = [];
  for (const topic of Object.keys(topics))
    for (const { partition, next } of await company.log.bounds(topic)) ranges.push({ topic, partition, from: 0, to: next });
  history = await readHistory(company.log, ranges);
  played = await play({ history, definitions: departments(), changes: unchanged });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((printed += String(text)), true));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((printed += String(text)), true));
});

afterAll(() => {
  jest.restoreAllMocks();
  rmSync(scratch, { recursive: true, force: true });
});

async function whatIf(...args: readonly string[]): Promise<string> {
  printed = '';
  await runReplay(['what-if', ...args], { lake, brokers: undefined, databaseUrl: undefined });
  return printed;
}

async function answerOf(...args: readonly string[]): Promise<Answer> {
  return JSON.parse(await whatIf('--json', ...args)) as Answer;
}

function effect({ effects }: Answer, figure: string): Answer['effects'][number] {
  const found = effects.find((each) => each.figure === figure);
  if (!found) throw new Error(`no figure ${figure}`);
  return found;
}

function changedTables({ tables }: Answer): readonly string[] {
  return tables.filter((each) => each.onlyAsItWas + each.onlyHere + each.changed > 0).map(({ service, table }) => `${service} ${table}`);
}

describe('history decided once more', () => {
  it('is history: every event as it was recorded', () => {
    expect(history.decisions.length).toBeGreaterThan(150);
    expect(compareWithHistory(history, played)).toMatchObject({ otherwise: [], beyond: 0 });
    expect(played.refused).toEqual([]);
  });

  it('leaves the tables and streams that the departments have, row for row', () => {
    const live = { ...played, stores: company.stores as Played['stores'] };
    const differences = compareTables(live, played).filter((each) => each.onlyAsItWas + each.onlyHere + each.changed > 0);
    expect(differences).toEqual([]);
    const rows = compareTables(live, played).reduce((sum, table) => sum + table.rows, 0);
    expect(rows).toBeGreaterThan(300);
  });

  it('shows an event that comes out otherwise', () => {
    const [decision] = history.decisions.filter(({ events }) => events.some(({ event }) => event.type === 'order.placed'));
    const [first] = decision?.events ?? [];
    if (!decision || !first) throw new Error('no order was placed');
    const other = { ...first, event: { ...first.event, data: {} } };
    const decisions = history.decisions.map((each) => (each === decision ? { ...decision, events: [other] } : each));
    const { otherwise } = compareWithHistory({ ...history, decisions }, played);
    expect(otherwise).toEqual([`order.placed of ${first.event.subject}`]);
  });
});

describe('history in which records were parked and mended', () => {
  const parked = (events: Iterable<CloudEvent>, service: string) =>
    [...events]
      .filter(({ type }) => type === `${service}.dead-letter` || type === `${service}.redriven`)
      .map(({ type, data }) => {
        const { code, note } = data as { readonly code?: string; readonly note?: string };
        return [type.split('.')[1], code ?? note];
      });
  const recorded = () => history.decisions.flatMap(({ events }) => events.map(({ event }) => event));

  it('has them parked and mended when they were, with the same bytes', () => {
    const mended = parked(recorded(), 'connectors');
    expect(mended).toContainEqual(['dead-letter', 'contract/not-an-event']);
    expect(mended).toContainEqual(['dead-letter', 'follows']);
    expect(mended).toContainEqual(['redriven', 'Bea: it was cut off']);
    expect(parked(eventsOf(played), 'connectors').sort()).toEqual(mended.sort());
  });

  it('has those parked that only the code of then could not apply', () => {
    const then = parked(recorded(), 'inventory');
    expect(then).toContainEqual(['dead-letter', 'defect']);
    expect(then).toContainEqual(['redriven', undefined]);
    expect(parked(eventsOf(played), 'inventory').sort()).toEqual(then.sort());
  });

  it('has them parked wherever they lay then: notes that departments made between them move all that comes after', async () => {
    const moved = ({ event, ...recorded }: RecordedEvent): RecordedEvent =>
      saysDeadLetter(event)
        ? { ...recorded, event: { ...event, data: { ...(event.data as object), offset: 1_000_000 + recorded.order } } }
        : { ...recorded, event };
    const decisions = history.decisions.map((each) => ({ ...each, events: each.events.map(moved) }));
    const byCause = new Map(decisions.map((each) => [`${each.service} ${each.cause}`, each]));
    const elsewhere: History = { ...history, decisions, decision: (service, cause) => byCause.get(`${service} ${cause}`) };
    const is = await play({ history: elsewhere, definitions: departments(), changes: unchanged });
    expect(compareWithHistory(elsewhere, is)).toMatchObject({ otherwise: [], beyond: 0 });
    expect(parked(eventsOf(is), 'inventory').sort()).toEqual(parked(recorded(), 'inventory').sort());
  });

  it('lets another version of the department try what its code of then could not apply', async () => {
    const replaced = new Set(['inventory'] as const);
    const is = await play({ history, definitions: departments(), changes: unchanged, replaced, readAt: played.readAt });
    expect(parked(eventsOf(is), 'inventory')).toEqual([]);
    expect(parked(eventsOf(is), 'connectors')).not.toEqual([]);
    const reserved = (of: Played) =>
      new Set([...eventsOf(of)].filter(({ type }) => type === 'stock.reserved').map(({ subject }) => subject));
    expect(reserved(is)).toEqual(reserved(played));
  });
});

describe('history with something changed', () => {
  async function otherwise(changes: Partial<Parameters<typeof changesOf>[0]>, others = departments()): Promise<Played> {
    const definitions = new Map([...departments(), ...others]);
    return await play({
      history,
      definitions,
      readAt: played.readAt,
      changes: changesOf({ settings: [], removed: new Set(), added: [], ...changes }),
    });
  }

  const differing = (is: Played) => compareTables(played, is).filter((each) => each.onlyAsItWas + each.onlyHere + each.changed > 0);
  const ofType = (is: Played, type: string) => [...eventsOf(is)].filter((event) => event.type === type);
  const sumOf = (events: readonly CloudEvent[], name: string) =>
    events.reduce((sum, { data }) => sum + Number((data as Readonly<Record<string, unknown>>)[name]), 0);

  it('follows prices, purchase prices and commissions to the books', async () => {
    const settings = ['sales.price=-10%', 'inventory.unitCost=+25%', 'hr.commissionRate=+20%'].map(readSetting);
    const is = await otherwise({ settings });
    const paid = (of: Played) =>
      sumOf(
        ofType(of, 'order.paid').filter(({ subject }) => subject.startsWith('sample:')),
        'amount',
      );
    expect(paid(is)).toBeCloseTo(paid(played) * 0.9, 6);
    expect(sumOf(ofType(is, 'stock.received'), 'cost')).toBeCloseTo(sumOf(ofType(played, 'stock.received'), 'cost') * 1.25, 6);
    expect(ofType(is, 'employee.hired').map(({ data }) => (data as { readonly commissionRate: string }).commissionRate)).toEqual(['0.06']);
    const tables = differing(is).map(({ service, table }) => `${service} ${table}`);
    expect(tables).toEqual(expect.arrayContaining(['hr commission_entry', 'order-intake order_summary', 'finance journal_line']));
    expect(tables).not.toContain('crm customer');
    // A report goes to people who may not see what others earn.
    const told = differing(is).flatMap(({ service, samples }) => (service === 'hr' ? samples.flatMap(({ columns }) => columns) : []));
    const earned = told.filter(
      ({ name, was, is: now }) => ['amount', 'total', 'rate', 'salary'].includes(name) && (was ?? now) !== '(hidden)',
    );
    expect(earned).toEqual([]);
  });

  it('leaves out what did not come, and all that followed from it', async () => {
    const placed = history.decisions.flatMap(({ events }) => events).find(({ event }) => event.type === 'order.placed')?.event;
    const number = placed?.subject.split(':')[1] ?? '';
    const removed = new Set(history.raw.filter(({ event }) => event.subject.includes(number)).map(({ event }) => event.id));
    const is = await otherwise({ removed });
    expect([...eventsOf(is)].filter(({ subject }) => subject === placed?.subject)).toEqual([]);
    expect(compareTables(played, is).find(({ table }) => table === 'order_summary')).toMatchObject({
      onlyAsItWas: 1,
      onlyHere: 0,
      changed: 0,
    });
    // A report goes to people who may not see who ordered.
    const report = JSON.stringify(compareTables(played, is));
    expect(report).toContain('(hidden)');
    expect(report).not.toMatch(/@|"personal":\{|\\"personal\\":\{/);
  });

  it('takes in what came as well', async () => {
    const file = join(scratch, 'more.ndjson');
    const time = new Date(1 + Math.max(...history.decisions.map(({ at }) => at))).toISOString();
    const data = { item: 'B', location: 'attic', quantity: '7', cost: '70.00', currency: 'USD', reference: null };
    writeFileSync(file, `${JSON.stringify({ type: 'stock.received', tenant: 'demo', subject: 'B', time, data })}\n`);
    const is = await otherwise({ added: readAdded(file) });
    expect(sumOf(ofType(is, 'stock.received'), 'cost') - sumOf(ofType(played, 'stock.received'), 'cost')).toBe(70);
    const [level] = differing(is).filter(({ table }) => table === 'stock_level');
    // The pieces that were there are worth more: cost is averaged over all places.
    expect(level).toMatchObject({ onlyHere: 1, onlyAsItWas: 0, changed: 1 });
    expect(level?.samples.find(({ found }) => found === 'only here')?.key).toBe('demo / B / attic');
  });

  it('takes another version of a department', async () => {
    const file = join(scratch, 'compose.mjs');
    // An inventory that hears of nothing.
    writeFileSync(
      file,
      `export const compose = () => ({ service: 'inventory', consumer: 'inventory', streams: [], topics: [], reactions: [], projections: [] });`,
    );
    const is = await otherwise({}, new Map([await readDepartment(`inventory=${file}`)]));
    expect(ofType(is, 'stock.reserved')).toEqual([]);
    expect(is.refused.length).toBeGreaterThan(0);
    expect(differing(is).find(({ table }) => table === 'stock_level')).toMatchObject({ onlyHere: 0, changed: 0 });
  });
});

describe('npm run replay -- what-if', () => {
  it('finds no difference when nothing is changed, and keeps both histories as lakes for a while', async () => {
    const kept = (): readonly string[] => readdirSync(join(lake, '.what-if'));
    const said = await whatIf('--keep', '0.0000001');
    const [newest = ''] = kept();
    expect(existsSync(join(lake, '.what-if', newest, 'what-if', 'manifest.ndjson'))).toBe(true);
    expect(JSON.parse(readFileSync(join(lake, '.what-if', newest, 'report.json'), 'utf8'))).toMatchObject({ changes: [] });
    // The next question removes what is over its time.
    await whatIf('--set', 'cheese=+5%');
    expect(kept()).toEqual([]);
    process.exitCode = 0;
    printed = said;
    expect(said).toMatch(/all [\d,]+ events of the departments come out as they were recorded\./);
    expect(said).toMatch(/No difference: \d+ tables and kinds of streams are the same, row for row/);
  });

  it('removes what a question that was killed left behind, a day later', async () => {
    const left = (name: string): string => join(lake, '.what-if', name);
    const [old, young] = [left('killed-long-ago'), left('still-asked')];
    for (const place of [old, young]) mkdirSync(join(place, 'as-it-was'), { recursive: true });
    const before = new Date(Date.now() - 25 * 3_600_000);
    utimesSync(old, before, before);
    await whatIf('--set', 'cheese=+5%');
    process.exitCode = 0;
    expect([old, young].map((place) => existsSync(place))).toEqual([false, true]);
    rmSync(young, { recursive: true });
  });

  it('says what more safety stock would have done to stock-outs, and what it would have cost', async () => {
    const answer = await answerOf('--set', 'inventory.safetyStock=+100%');
    expect(answer.faithfulness.otherwise).toEqual([]);
    expect(isNegative(effect(answer, 'order lines that found too little stock').difference)).toBe(true);
    const bought = effect(answer, 'goods bought').difference;
    expect(compare(bought, zero)).toBeGreaterThan(0);
    expect(effect(answer, 'cash: from customers, less goods and wages').difference).toBe(negate(bought));
    expect(changedTables(answer)).toEqual(expect.arrayContaining(['inventory stock_level', 'finance journal_line']));
    expect(changedTables(answer)).not.toContain('crm customer');
    const sample = answer.tables.find(({ table }) => table === 'stock_level')?.samples[0];
    expect(sample).toMatchObject({ found: 'changed' });
  });

  it('counts money as it is written, to the last digit, in the report and in the table', async () => {
    const said = await whatIf('--set', 'sales.price=-7.35%');
    const [, place = ''] = /the whole report: (.*)$/m.exec(said) ?? [];
    const answer = JSON.parse(readFileSync(join(place, 'report.json'), 'utf8')) as Answer;
    const factor = decimal('0.9265');
    const received = effect(answer, 'money from customers, less refunds');
    // No shop has part in what is sold directly.
    const fromShop = subtract(received.was, decimal('18'));
    expect(received.is).toBe(add(multiply(fromShop, factor), decimal('18')));
    for (const { was, is, difference } of answer.effects) expect(difference).toBe(subtract(is, was));
    const cash = effect(answer, 'cash: from customers, less goods and wages').difference;
    expect(cash.split('.')[1]?.length).toBeGreaterThan(2);
    const row = said.split('\n').find((line) => line.includes('cash: from customers')) ?? '';
    const cells = row.split('│').map((cell) => cell.trim());
    expect(cells.slice(3, 6)).toEqual([
      expect.stringMatching(/^-\d,\d{3}(\.\d\d?)?$/),
      expect.stringMatching(/^-\d,\d{3}(\.\d\d?)?$/),
      round(cash, 2),
    ]);
  });

  it.each([
    ['a rule that there is not', ['--set', 'cheese=+5%'], /is no rule to set: .* inventory\.safetyStock/],
    ['a rule without a figure', ['--set', 'sales.price=10'], /is no rule to set/],
    ['more than there is', ['--set', 'sales.price=-150%'], /takes away more than there is/],
    ['a file that there is not', ['--add', join(scratch, 'none')], /There is no file/],
    ['a folder for a file', ['--add', scratch], /cannot be read \(EISDIR.*\): name a file with an event a line\./],
    ['a department that there is not', ['--department', 'kitchen=x'], /names no department/],
    [
      'a version that throws',
      ['--department', `inventory=${broken}`],
      /broken\.mjs cannot be used \(no such table\): name the compose\.js of/,
    ],
    ['a version that is a folder', ['--department', `inventory=${scratch}`], /cannot be used \(.+\): name the compose\.js of/],
  ])('refuses %s in a sentence', async (_, args, sentence) => {
    expect(await whatIf(...args)).toMatch(sentence);
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
  });

  it('names the root of what a department decided, when somebody wants that removed', () => {
    const reserved = history.decisions.flatMap(({ events }) => events).find(({ event }) => event.type === 'stock.reserved')?.event;
    const { id = '', subject = '' } = reserved ?? {};
    const roots = history.raw.map(({ event }) => event.id).join('|');
    expect(() => assertRemovable(history, [id])).toThrow(new RegExp(`It follows from (${roots}): remove that`));
    expect(() => assertRemovable(history, [subject])).toThrow(new RegExp(`It began with webhook.received (${roots}), key `));
    expect(() => assertRemovable(history, ['nothing'])).toThrow('Nothing that came from outside has the id or key "nothing"');
    expect(() =>
      assertRemovable(
        history,
        history.raw.map(({ event }) => event.id),
      ),
    ).not.toThrow();
  });

  it('names the line of a file that does not fit', async () => {
    const file = join(scratch, 'bad.ndjson');
    writeFileSync(
      file,
      `\n${JSON.stringify({ type: 'stock.received', tenant: 'demo', subject: 'B', time: '2026-03-01T00:00:00.000Z', data: {} } satisfies Partial<CloudEvent>)}\n`,
    );
    expect(await whatIf('--add', file)).toMatch(/Line 2 of .*bad\.ndjson: .*stock\.received/);
    process.exitCode = 0;
  });
});
