import type { Company } from '../../src/company.ts';
import type { SoldOrder } from '../load/open-load.ts';
import { scarceItem } from '../load/shelf.ts';
import type { Findings } from './verdict.ts';

/** How an order stands in the departments. */
export interface ActualEnd {
  status: string | undefined;
  known: boolean;
  reservation: { reserved: number; gone: number; missing: number } | undefined;
  readonly balances: Record<string, string>;
  readonly journals: Record<string, number>;
}

/** Whether each order came to the end that its kind must come to, in every department. */
export async function checkOrderEnds(company: Company, orders: readonly SoldOrder[], findings: Findings): Promise<void> {
  const ends = await endsOf(
    company,
    orders.map(({ id }) => id),
  );
  for (const order of orders) {
    const end = ends.get(order.id);
    if (end) checkOrder(order, end, findings);
  }
}

/** One order against the end that its kind must come to. */
export function checkOrder({ id, kind, item, acknowledgedAt }: SoldOrder, actual: ActualEnd, findings: Findings): void {
  if (acknowledgedAt === undefined) return; // counted as a whole
  const missing = [
    ...(actual.status === undefined ? ['order-intake'] : []),
    ...(actual.reservation === undefined ? ['inventory'] : []),
    ...(actual.journals['payment'] === undefined ? ['finance'] : []),
    ...(actual.known ? [] : ['crm']),
  ];
  if (missing.length > 0) {
    findings.add('lost', 1, `${id} (${kind.name}) is not in ${missing.join(', ')}`);
    return;
  }
  const { end } = kind;
  const waits = item === scarceItem && actual.status === 'backordered';
  if (actual.status !== end.status && !waits) {
    findings.add('stuck', 1, `${id} (${kind.name}) is ${actual.status ?? 'nowhere'}, not ${end.status}`);
    return;
  }
  const twice = Object.entries(actual.journals).filter(([about, count]) => count > (end.journals[about] ?? 0));
  const { reserved, missing: awaited, gone } = actual.reservation ?? { reserved: 0, missing: 0, gone: 0 };
  const doubled = twice.length + Math.max(0, reserved + awaited + gone - end.reserved - end.gone);
  findings.add('doubled', doubled, `${id} (${kind.name}) has ${JSON.stringify(actual)}`);
  if (JSON.stringify(actual.balances) !== JSON.stringify(end.balances)) {
    findings.add('unbalanced', 1, `${id} (${kind.name}) stands at ${JSON.stringify(actual.balances)}, not ${JSON.stringify(end.balances)}`);
  }
}

async function endsOf(company: Company, ids: readonly string[]): Promise<ReadonlyMap<string, ActualEnd>> {
  const ends = new Map<string, ActualEnd>(
    ids.map((id) => [id, { status: undefined, known: false, reservation: undefined, balances: {}, journals: {} }]),
  );
  const given = [[...ids]];
  type Row = Record<string, string>;
  const [orders, customers, reservations, balances, journals] = await Promise.all([
    company.query<Row>('order-intake', 'SELECT order_id, status FROM order_summary WHERE order_id = ANY ($1)', given),
    company.query<Row>('crm', 'SELECT order_id FROM customer_order WHERE order_id = ANY ($1)', given),
    company.query<Row>(
      'inventory',
      `SELECT order_id, sum(reserved)::text AS reserved, sum(missing)::text AS missing, sum(shipped - restocked)::text AS gone
       FROM reservation_line WHERE order_id = ANY ($1) GROUP BY order_id`,
      given,
    ),
    company.query<Row>(
      'finance',
      `SELECT order_id, account, trim_scale(sum(amount))::text AS balance FROM journal_line WHERE order_id = ANY ($1)
       GROUP BY order_id, account HAVING sum(amount) <> 0 ORDER BY account`,
      given,
    ),
    company.query<Row>(
      'finance',
      `SELECT order_id, kind, count(DISTINCT journal_id)::text AS count FROM journal_line WHERE order_id = ANY ($1) GROUP BY order_id, kind`,
      given,
    ),
  ]);
  const of = (row: Row): ActualEnd | undefined => ends.get(row['order_id'] ?? '');
  for (const row of orders) Object.assign(of(row) ?? {}, { status: row['status'] });
  for (const row of customers) Object.assign(of(row) ?? {}, { known: true });
  for (const row of reservations) {
    const reservation = { reserved: Number(row['reserved']), missing: Number(row['missing']), gone: Number(row['gone']) };
    Object.assign(of(row) ?? {}, { reservation });
  }
  for (const row of balances) Object.assign(of(row)?.balances ?? {}, { [row['account'] ?? '']: row['balance'] });
  for (const row of journals) Object.assign(of(row)?.journals ?? {}, { [row['kind'] ?? '']: Number(row['count']) });
  return ends;
}
