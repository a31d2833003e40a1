import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/inventory.module.ts';
import { placed } from './order-events.ts';

let inventory: ServiceOnPostgres;

beforeAll(async () => {
  inventory = await serviceOnPostgres(service);
  for (const item of ['TEA', 'POT']) await inventory.send('POST', '/items', { item, title: item });
  for (const location of ['A', 'B'])
    await inventory.send('POST', '/receipts', { item: 'TEA', location, quantity: '2.5', unitCost: '2.00', currency: 'EUR' });
  await inventory.hear(
    placed([{ lineId: '1', item: 'TEA', quantity: '3' }], { orderId: 'sample:1' }),
    placed(
      [
        { lineId: '1', item: 'TEA', quantity: '1' },
        { lineId: '2', item: 'POT', quantity: '2' },
      ],
      { orderId: 'sample:2' },
    ),
  );
});
afterAll(() => inventory.close());

const unguarded = 'ALTER TABLE stock_level DROP CONSTRAINT IF EXISTS stock_level_never_oversold';

describe('the invariants of inventory', () => {
  it('hold in stock that was kept by inventory itself', async () => {
    expect(await inventory.query('SELECT sum(reserved)::text AS reserved FROM reservation_line')).toEqual([{ reserved: '4' }]);
    expect(await inventory.violations()).toEqual({});
  });

  it.each<[string, Record<string, string[]>, string[]]>([
    [
      'an item that was oversold',
      { 'never-oversold': ['demo/TEA at A'], 'stock-as-streams': ['demo/TEA'] },
      [unguarded, `UPDATE stock_level SET on_hand = 0, available = -reserved WHERE location = 'A'`],
    ],
    [
      'figures that do not fit together',
      { 'never-oversold': ['demo/TEA at B'] },
      [`UPDATE stock_level SET available = available + 1 WHERE location = 'B'`],
    ],
    [
      'stock set aside for nobody',
      { 'reserved-as-ordered': ['demo/TEA'], 'stock-as-streams': ['demo/TEA'] },
      [`UPDATE stock_level SET reserved = reserved + 0.5, on_hand = on_hand + 0.5 WHERE location = 'B'`],
    ],
    [
      'a reservation without stock',
      { 'reserved-as-ordered': ['demo/TEA'], 'reservations-as-streams': ['demo/sample:1'] },
      [`UPDATE reservation_line SET reserved = reserved + 1 WHERE order_id = 'sample:1'`],
    ],
    [
      'a line that is gone',
      { 'reserved-as-ordered': ['demo/TEA'], 'reservations-as-streams': ['demo/sample:1'] },
      [`DELETE FROM reservation_line WHERE order_id = 'sample:1'`],
    ],
    [
      'what is missing, forgotten',
      { 'reservations-as-streams': ['demo/sample:2'] },
      [`UPDATE reservation_line SET missing = 0 WHERE order_id = 'sample:2' AND item = 'POT'`],
    ],
    ['a location that is gone', { 'reserved-as-ordered': ['demo/TEA'], 'stock-as-streams': ['demo/TEA'] }, ['DELETE FROM stock_level']],
    [
      'an order that waits although something is free',
      { 'nobody-waits-beside-stock': ['demo/POT'], 'stock-as-streams': ['demo/POT'] },
      [
        `UPDATE stream SET state = replace(state::text, '"places":[]', '"places":[{"location":"A","onHand":"1","reserved":"0"}]')::json
          WHERE stream = 'item' AND id = 'POT'`,
      ],
    ],
  ])('find %s', async (_what, found, corruptions) => {
    expect(await inventory.violationsAfter(...corruptions)).toEqual(found);
  });
});
