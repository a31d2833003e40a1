import type { DataSource } from 'typeorm';

import type { ReservationState } from '../../domain/reservation/reservation.ts';
import { reservationStream } from '../../domain/reservation/reservation.ts';

/** What has been done for an order, from its stream; for an order that needed nothing so far, nothing. Undefined when nobody told of the order. */
export async function findReservation(dataSource: DataSource, tenant: string, orderId: string): Promise<ReservationState | undefined> {
  const rows = await dataSource.query<{ state: ReservationState | null }[]>(
    `SELECT stream.state
       FROM order_demand
       LEFT JOIN stream ON stream.tenant = order_demand.tenant AND stream.stream = $3 AND stream.id = order_demand.order_id
      WHERE order_demand.tenant = $1 AND order_demand.order_id = $2`,
    [tenant, orderId, reservationStream.name],
  );
  const [row] = rows;
  return row && (row.state ?? reservationStream.initial(orderId));
}
