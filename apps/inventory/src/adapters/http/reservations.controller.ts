import { DATA_SOURCE, Operation, Tenant, found } from '@instep/service-host';
import { Controller, Get, Inject, Param } from '@nestjs/common';
import type { DataSource } from 'typeorm';

import type { ReservationView } from '../../application/reservation-view.ts';
import { reservationView, withoutIdleLines } from '../../application/reservation-view.ts';
import { findReservation } from '../postgres/reservation.query.ts';

@Controller('reservations')
export class ReservationsController {
  readonly #dataSource: DataSource;

  constructor(@Inject(DATA_SOURCE) dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  @Get(':orderId')
  @Operation({ summary: 'What is set aside, missing, shipped and back of an order, line by line' })
  async byOrder(@Tenant() tenant: string, @Param('orderId') orderId: string): Promise<ReservationView> {
    const state = await findReservation(this.#dataSource, tenant, orderId);
    return found(state && withoutIdleLines(reservationView(orderId, state)), 'reservation/unknown', `There is no order ${orderId}.`);
  }
}
