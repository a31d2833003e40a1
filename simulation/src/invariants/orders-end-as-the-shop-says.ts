import type { Row } from '@instep/department';
import { decimal } from '@instep/values';

import type { Evidence, Invariant, OrderEvidence } from '../evidence.ts';
import { isParked, parkedKeys, rowsByOrder, rowsOf } from './database.ts';
import type { ShopFigures } from './shop-figures.ts';
import { shopFigures } from './shop-figures.ts';

export const ordersEndAsTheShopSays: Invariant = {
  id: 'INV-9',
  promise:
    'No order is left half-way: where stock is plentiful, it ends confirmed, shipped, completed or cancelled as the shop has it, for order-intake, inventory and crm alike.',
  async check(evidence) {
    const parked = await parkedKeys(evidence);
    const summaries = rowsByOrder(evidence, 'order-intake', 'order_summary');
    const customerOrders = rowsByOrder(evidence, 'crm', 'customer_order');
    const reservations = Map.groupBy(rowsOf(evidence, 'inventory', 'reservation_line'), ({ orderId }) => String(orderId));
    return evidence.orders.flatMap((order) => {
      const { orderId, complete } = order;
      const summary = summaries.get(orderId);
      if (!complete || !summary || isParked(parked, orderId)) return [];
      const figures = shopFigures(order);
      return [
        ...statusFaults(orderId, summary, figures, isPlentiful(evidence, order)),
        ...moneyFaults('order-intake', orderId, summary, figures),
        ...moneyFaults('crm', orderId, customerOrders.get(orderId), figures),
        ...(isPlentiful(evidence, order) ? reservationFaults(order, figures, reservations.get(orderId) ?? []) : []),
      ];
    });
  },
};

function isPlentiful({ items }: Evidence, { acknowledged }: OrderEvidence): boolean {
  const scarce = new Set(items.filter(({ plentiful }) => !plentiful).map(({ item }) => item));
  return !acknowledged.state.lines.some(({ sku }) => sku !== null && scarce.has(sku));
}

function statusFaults(orderId: string, summary: Row, figures: ShopFigures, plentiful: boolean): string[] {
  const status = String(summary['status']);
  if (status === 'held') return [];
  if (figures.cancelled !== (status === 'cancelled'))
    return [`order ${orderId} is ${status}, but ${figures.cancelled ? '' : 'not '}cancelled at the shop`];
  if (figures.cancelled) return [];
  const shipped = summary['shipping'] === 'shipped' || summary['shipping'] === 'nothing-to-ship';
  if (shipped !== (figures.left === 0))
    return [`order ${orderId} is ${String(summary['shipping'])}, but ${String(figures.left)} units are left at the shop`];
  // Nobody waits for the confirmation of goods that have left.
  if (plentiful && figures.left > 0 && (status === 'placed' || status === 'backordered'))
    return [`order ${orderId} is still ${status}, although there is enough of everything`];
  return [];
}

function moneyFaults(who: string, orderId: string, row: Row | undefined, { received, refunded }: ShopFigures): string[] {
  if (!row) return [];
  const faults: string[] = [];
  if (decimal(String(row['received'])) !== received)
    faults.push(`${who}: ${String(row['received'])} received for order ${orderId}, at the shop ${received}`);
  if (decimal(String(row['refunded'])) !== refunded)
    faults.push(`${who}: ${String(row['refunded'])} refunded for order ${orderId}, at the shop ${refunded}`);
  return faults;
}

/** What is set aside is what still has to leave, and what left is what the shop shipped. */
function reservationFaults({ orderId, acknowledged }: OrderEvidence, figures: ShopFigures, rows: readonly Row[]): string[] {
  const total = (column: string): number => rows.reduce((sum, row) => sum + Number(row[column]), 0);
  const faults: string[] = [];
  const shipped = acknowledged.state.lines.reduce((sum, line) => sum + line.shipped, 0);
  const waiting = figures.cancelled ? 0 : figures.left;
  if (total('shipped') !== shipped)
    faults.push(`inventory: ${String(total('shipped'))} units of order ${orderId} left, ${String(shipped)} at the shop`);
  if (total('missing') !== 0)
    faults.push(`inventory: ${String(total('missing'))} units of order ${orderId} are missing, although there is enough`);
  else if (total('reserved') !== waiting)
    faults.push(`inventory: ${String(total('reserved'))} units are set aside for order ${orderId}, ${String(waiting)} still have to leave`);
  return faults;
}
