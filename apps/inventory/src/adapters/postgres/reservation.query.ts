import type { DataSource } from 'typeorm';

import type { ReservationState } from '../../domain/reservation/reservation.ts';
import { reservationStream } from '../../domain/reservation/reservation.ts';

/** What has been done for an order, from its stream. Undefined when nothing has. */
export async function findReservation(dataSource: DataSource, tenant: string, orderId: string): Promise<ReservationState | undefined> {
  const rows = await dataSource.query<{ state: ReservationState }[]>('SELECT state FROM stream WHERE tenant = $1 AND stream = $2 AND id = $3', [
    tenant,
    reservationStream.name,
    orderId,
  ]);
  return rows[0]?.state;
}
