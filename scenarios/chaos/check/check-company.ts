import { serviceNames, type ServiceName } from '@instep/contracts';
import { checkHistory, type FindingCode, type NumberCounter } from '@instep/history';

import { unbalanced } from '../../src/books.ts';
import type { Company } from '../../src/company.ts';
import { rebuildOf } from '../../src/rebuild.ts';
import type { OpenCompany } from '../company/open-company.ts';
import type { SoldOrder } from '../load/open-load.ts';
import { checkOrderEnds } from './order-ends.ts';
import { mustBeReserved } from './shelf-books.ts';
import { Findings, type Verdict } from './verdict.ts';

export interface Expected {
  /** Keys that a fault parked on purpose; counted over the life of the company. */
  readonly parkedKeys: number;
  /** What the log may show because a fault put it there. */
  readonly allowedFindings: readonly FindingCode[];
}

export interface CheckOutcome extends Verdict {
  /** Records that came again and that readers drop. */
  readonly repeated: number;
}

const settleWithinMs = 120_000;

/** All promises, against the acknowledged orders of one fault and the whole of the company's log and stock. */
export async function checkCompany(
  { company, books, environment }: OpenCompany,
  orders: readonly SoldOrder[],
  expected: Expected,
  rebuild: ServiceName,
): Promise<CheckOutcome> {
  const findings = new Findings();
  const untaken = orders.filter(({ acknowledgedAt }) => acknowledgedAt === undefined);
  findings.add('stuck', untaken.length, `${String(untaken.length)} orders were never taken, such as ${untaken[0]?.id ?? ''}`);
  books.sold(orders);
  const unsettled = await company.settled(settleWithinMs).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  // As long as something is on its way, orders and shelves cannot be as they must be.
  if (unsettled === undefined) {
    await checkOrderEnds(company, orders, findings);
    await checkStock(company, books, findings);
  } else findings.add('stuck', 1, unsettled);
  const journals = await unbalanced(company);
  findings.add('unbalanced', journals.length, `journals ${journals.slice(0, 5).join(', ')} do not add up to zero`);
  await checkParked(company, expected, findings);

  const history = await checkHistory(company.log, { counters: () => countersOf(company), mostFindings: 20 });
  const wrong = history.findings.filter(({ code }) => !expected.allowedFindings.includes(code));
  for (const { topic, partition, offset, code, sentence } of wrong) {
    findings.add('reordered', 1, `${topic}/${String(partition)}@${String(offset)} ${code}: ${sentence}`);
  }
  const { code, output } = await rebuildOf(company, rebuild, environment);
  findings.add('unbalanced', code === 0 ? 0 : 1, `rebuild of ${rebuild} ended with ${String(code)}:\n${output.slice(-1_500)}`);
  return { ...findings.verdict(), repeated: history.repeated };
}

async function checkStock(company: Company, books: OpenCompany['books'], findings: Findings): Promise<void> {
  const rows = await company.query<{ tenant: string; item: string; on_hand: string; reserved: string }>(
    'inventory',
    'SELECT tenant, item, sum(on_hand)::text AS on_hand, sum(reserved)::text AS reserved FROM stock_level GROUP BY tenant, item',
  );
  const actual = new Map(
    rows.map(({ tenant, item, on_hand, reserved }) => [`${tenant}/${item}`, { onHand: Number(on_hand), reserved: Number(reserved) }]),
  );
  for (const shelf of books.shelves()) {
    const name = `${shelf.tenant}/${shelf.item}`;
    const { onHand, reserved } = actual.get(name) ?? { onHand: 0, reserved: 0 };
    const [rightOnHand, rightReserved] = [shelf.received - shelf.gone, mustBeReserved(shelf)];
    findings.add('oversold', reserved - onHand, `${name} has ${String(reserved)} set aside of ${String(onHand)}`);
    if (onHand === rightOnHand && reserved === rightReserved) continue;
    const said = `${name}: on hand ${String(onHand)}, must be ${String(rightOnHand)}; set aside ${String(reserved)}, must be ${String(rightReserved)}`;
    findings.add('unbalanced', 1, said);
  }
}

async function checkParked(company: Company, { parkedKeys }: Expected, findings: Findings): Promise<void> {
  type Row = { topic: string; key: string; reason: string };
  const parked = await Promise.all(
    serviceNames.map(async (service) => {
      const rows = await company.query<Row>(service, `SELECT topic, key, reason FROM parked_event WHERE code <> 'follows'`);
      return rows.map(({ topic, key, reason }) => `${service} parked ${topic} ${key}: ${reason}`);
    }),
  );
  const all = parked.flat();
  const surplus = all.length - parkedKeys;
  findings.add(
    'stuck',
    Math.abs(surplus),
    `${String(all.length)} keys are parked, must be ${String(parkedKeys)}: ${all.slice(0, 5).join('; ')}`,
  );
}

/** The last numbers that the databases of the owners gave out. */
async function countersOf(company: Company): Promise<readonly NumberCounter[]> {
  const counted = await Promise.all(
    serviceNames.map(async (service) => {
      const [row] = await company.query<{ counters: string; in_flight: string }>(service, 'SELECT counters, in_flight FROM relay');
      return row ? (JSON.parse(row.counters) as NumberCounter[]) : [];
    }),
  );
  return counted.flat();
}
