import { EntitySchema } from 'typeorm';

import type { ReservationLineRow } from '../../application/reservation-line.projection.ts';

export const reservationLineSchema = new EntitySchema<ReservationLineRow>({
  name: 'reservation_line',
  tableName: 'reservation_line',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    lineId: { type: 'text', primary: true, name: 'line_id' },
    item: { type: 'text', primary: true },
    reserved: { type: 'numeric' },
    missing: { type: 'numeric' },
    since: { type: 'text', nullable: true },
    shipped: { type: 'numeric' },
    restocked: { type: 'numeric' },
  },
  indices: [{ name: 'reservation_line_waiting', columns: ['tenant', 'item', 'since'], where: 'missing > 0' }],
  checks: [
    { name: 'reservation_line_reserved_not_negative', expression: 'reserved >= 0' },
    { name: 'reservation_line_missing_not_negative', expression: 'missing >= 0' },
  ],
});
