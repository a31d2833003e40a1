import type { EventOf } from '@instep/contracts';

export type ReservationEvent = EventOf<'stock.reserved' | 'stock.short' | 'stock.released' | 'stock.shipped' | 'stock.restocked'>;
