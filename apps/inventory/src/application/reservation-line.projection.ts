import type { StateTable } from '@instep/department';
import { stateTable } from '@instep/department';

import type { ReservationState } from '../domain/reservation/reservation.ts';
import { reservationStream } from '../domain/reservation/reservation.ts';
import { reservationView } from './reservation-view.ts';

export type ReservationLineRow = {
  readonly tenant: string;
  readonly orderId: string;
  readonly lineId: string;
  readonly item: string;
  readonly reserved: string;
  readonly missing: string;
  /** Since when it waits. */
  readonly since: string | null;
  readonly shipped: string;
  readonly restocked: string;
};

/** What is set aside, missing and gone for each line of an order that needs stock. */
export const reservationLine: StateTable<ReservationLineRow, ReservationState> = stateTable<ReservationLineRow, ReservationState>({
  table: { name: 'reservation_line', key: ['tenant', 'orderId', 'lineId', 'item'] },
  stream: reservationStream,
  rows: (state, { tenant, id }) =>
    reservationView(id, state).lines.map(({ lineId, item, reserved, missing, since, shipped, restocked }) => ({
      tenant,
      orderId: id,
      lineId,
      item,
      reserved,
      missing,
      since,
      shipped,
      restocked,
    })),
});
