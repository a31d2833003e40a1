import { EntitySchema } from 'typeorm';

import type { StockLevelRow } from '../../application/stock-level.projection.ts';

export const stockLevelSchema = new EntitySchema<StockLevelRow>({
  name: 'stock_level',
  tableName: 'stock_level',
  columns: {
    tenant: { type: 'text', primary: true },
    item: { type: 'text', primary: true },
    location: { type: 'text', primary: true },
    onHand: { type: 'numeric', name: 'on_hand' },
    reserved: { type: 'numeric' },
    available: { type: 'numeric' },
    value: { type: 'numeric' },
    currency: { type: 'text', nullable: true },
  },
  checks: [
    { name: 'stock_level_reserved_not_negative', expression: 'reserved >= 0' },
    { name: 'stock_level_never_oversold', expression: 'available >= 0' },
  ],
});
