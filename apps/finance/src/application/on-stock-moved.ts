import type { Command } from '@instep/decider';
import { reaction } from '@instep/department';
import type { AnyReaction } from '@instep/department';
import { decimal, isZero, negate } from '@instep/values';

import { accounts } from '../domain/chart-of-accounts.ts';
import type { Account } from '../domain/chart-of-accounts.ts';
import type { JournalKind } from '../domain/account-document/account-document.ts';
import { postEntry } from '../domain/account-document/post.ts';
import { combine, credit, debit } from '../domain/postings.ts';

/** Goods that move have a value: it moves between the stock account and what it was gained from or spent on. */
export const onStockMoved: readonly AnyReaction[] = [
  reaction('stock.received', ({ data }) =>
    valueIn({
      document: `goods/${data.item}`,
      orderId: null,
      kind: 'goods-receipt',
      cost: data.cost,
      currency: data.currency,
      from: accounts.goodsReceived,
      memo: `received ${data.quantity} ${data.item}`,
    }),
  ),
  reaction('stock.adjusted', ({ data }) =>
    valueIn({
      document: `goods/${data.item}`,
      orderId: data.orderId,
      kind: 'stock-adjustment',
      cost: data.cost,
      currency: data.currency,
      from: accounts.stockDifferences,
      memo: `${data.item}: ${data.reason}`,
    }),
  ),
  reaction('stock.shipped', ({ data }) =>
    valueIn({
      document: data.orderId,
      orderId: data.orderId,
      kind: 'cost-of-goods',
      cost: negate(decimal(data.cost)),
      currency: data.currency,
      from: accounts.costOfGoods,
      memo: `cost of shipment ${data.shipmentId}`,
    }),
  ),
  reaction('stock.restocked', ({ data }) =>
    valueIn({
      document: data.orderId,
      orderId: data.orderId,
      kind: 'cost-of-goods',
      cost: data.cost,
      currency: data.currency,
      from: accounts.costOfGoods,
      memo: `goods of refund ${data.refundId} back in stock`,
    }),
  ),
];

interface ValueIn {
  readonly document: string;
  readonly orderId: string | null;
  readonly kind: JournalKind;
  readonly cost: string;
  readonly currency: string | null;
  readonly from: Account;
  readonly memo: string;
}

function valueIn({ cost, currency, from, ...entry }: ValueIn): readonly Command[] {
  const value = decimal(cost);
  if (isZero(value) || currency === null) return [];
  return [postEntry.with({ ...entry, currency, postings: combine(debit(accounts.stock, value), credit(from, value)) })];
}
