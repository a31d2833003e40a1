import { accept, defineCommand } from '@instep/decider';

import { itemStream } from '../domain/item/item.ts';
import { filled, servedReservations } from './fill.ts';

/** Serves the orders that still wait for an item although some of it is free: a large receipt serves only so many in one decision. */
export const serveWaiting = defineCommand<{ readonly item: string }>({
  name: 'ServeWaiting',
  streams({ item }, read) {
    const ref = { stream: itemStream, id: item };
    return read.has(itemStream, item) ? [ref, ...servedReservations(item, [], read)] : [ref];
  },
  decide: ({ item }, read) => accept(filled(item, [], read)),
});
