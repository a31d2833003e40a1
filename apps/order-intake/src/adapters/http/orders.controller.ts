import type { Command } from '@instep/decider';
import type { Department, RequestContext } from '@instep/department';
import { Asked, CLOCK, DEPARTMENT, Operation, respond, ValidBody } from '@instep/service-host';
import { decimal, zero } from '@instep/values';
import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';

import { chargeOf, directOrder, idOfRequest } from '../../application/direct-order.ts';
import { noCharge } from '../../domain/order/content.ts';
import { cancelOrder } from '../../domain/order/cancel-order.ts';
import { payOrder } from '../../domain/order/pay-order.ts';
import { placeOrder } from '../../domain/order/place-order.ts';
import { refundOrder } from '../../domain/order/refund-order.ts';
import { releaseOrder } from '../../domain/order/release-order.ts';
import { shipOrder } from '../../domain/order/ship-order.ts';
import { CancelOrder, PayOrder, PlaceOrder, RefundOrder, ReleaseOrder, ShipOrder } from './requests.ts';

/** What became of a request: the order and what was recorded. */
interface Done {
  readonly orderId: string;
  readonly events: readonly { readonly type: string; readonly version: number }[];
}

/** Everything that changes orders by hand. Orders of channels are changed in their channel; only a hold is mended here. */
@Controller('orders')
export class OrdersController {
  readonly #department: Department;
  readonly #clock: () => Date;

  constructor(@Inject(DEPARTMENT) department: Department, @Inject(CLOCK) clock: () => Date) {
    this.#department = department;
    this.#clock = clock;
  }

  @Post()
  @Operation({ summary: 'Places an order directly' })
  async place(@ValidBody(PlaceOrder) body: PlaceOrder, @Asked() asked: RequestContext): Promise<Done> {
    const order = directOrder(asked.tenant, idOfRequest(asked.tenant, asked.idempotencyKey), body, this.#clock().toISOString());
    return this.#execute(order.orderId, placeOrder.with(order), asked);
  }

  @Post(':id/payments')
  @HttpCode(200)
  @Operation({ summary: 'Records money received for a direct order, or taken back when below zero' })
  async pay(@Param('id') orderId: string, @ValidBody(PayOrder) { amount }: PayOrder, @Asked() asked: RequestContext): Promise<Done> {
    return this.#execute(orderId, payOrder.with({ orderId, amount: decimal(amount) }), asked);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Operation({ summary: 'Cancels a direct order: what is not shipped will not be' })
  async cancel(
    @Param('id') orderId: string,
    @ValidBody(CancelOrder) { reason }: CancelOrder,
    @Asked() asked: RequestContext,
  ): Promise<Done> {
    return this.#execute(orderId, cancelOrder.with({ orderId, reason: reason ?? null }), asked);
  }

  @Post(':id/ship')
  @HttpCode(200)
  @Operation({ summary: 'Records that goods of a direct order left; all that is left when no lines are named' })
  async ship(@Param('id') orderId: string, @ValidBody(ShipOrder) body: ShipOrder, @Asked() asked: RequestContext): Promise<Done> {
    const { company = null, numbers = [], urls = [] } = body.tracking ?? {};
    const command = shipOrder.with({
      orderId,
      shipmentId: idOfRequest(asked.tenant, asked.idempotencyKey),
      ...(body.lines === undefined ? {} : { lines: body.lines.map(({ lineId, quantity }) => ({ lineId, quantity: decimal(quantity) })) }),
      locationId: body.locationId ?? null,
      tracking: { company, numbers, urls },
    });
    return this.#execute(orderId, command, asked);
  }

  @Post(':id/refund')
  @HttpCode(200)
  @Operation({ summary: 'Records that goods or money of a direct order go back' })
  async refund(@Param('id') orderId: string, @ValidBody(RefundOrder) body: RefundOrder, @Asked() asked: RequestContext): Promise<Done> {
    const refund = {
      refundId: idOfRequest(asked.tenant, asked.idempotencyKey),
      lines: (body.lines ?? []).map(({ lineId, quantity, restock, locationId, net, tax }) => ({
        lineId,
        quantity: decimal(quantity),
        net: decimal(net),
        tax: tax === undefined ? zero : decimal(tax),
        restock,
        locationId: locationId ?? null,
      })),
      shipping: body.shipping === undefined ? noCharge : chargeOf(body.shipping),
      adjustment: body.adjustment === undefined ? noCharge : chargeOf(body.adjustment),
      money: decimal(body.money),
    };
    return this.#execute(orderId, refundOrder.with({ orderId, refund }), asked);
  }

  @Post(':id/release')
  @HttpCode(200)
  @Operation({ summary: 'Releases an order on hold: items for lines that name none, and hold reasons that are all right as they are' })
  async release(@Param('id') orderId: string, @ValidBody(ReleaseOrder) body: ReleaseOrder, @Asked() asked: RequestContext): Promise<Done> {
    return this.#execute(orderId, releaseOrder.with({ orderId, assigned: body.assignments ?? [], accepted: body.accept ?? [] }), asked);
  }

  async #execute(orderId: string, command: Command, asked: RequestContext): Promise<Done> {
    const outcome = await this.#department.execute(command, asked);
    return respond(outcome, (events) => ({ orderId, events: events.map(({ type, version }) => ({ type, version })) }));
  }
}
