import { accept, defineCommand, record } from '@instep/decider';

import type { AdjustStock } from '../domain/item/adjust-stock.ts';
import { decideAdjustment } from '../domain/item/adjust-stock.ts';
import { itemStream } from '../domain/item/item.ts';
import { filled, servedReservations } from './fill.ts';

/** Puts the books right after a count. What turns up goes to the orders that wait for it. */
export const adjustStock = defineCommand<AdjustStock>({
  name: 'AdjustStock',
  streams(data, read) {
    const item = { stream: itemStream, id: data.item };
    if (!read.has(itemStream, data.item)) return [item];
    const events = decideAdjustment(data, read.state(itemStream, data.item));
    return 'code' in events ? [item] : [item, ...servedReservations(data.item, events, read)];
  },
  decide(data, read) {
    const events = decideAdjustment(data, read.state(itemStream, data.item));
    if ('code' in events) return { refused: events };
    return accept(record(itemStream, data.item, events), filled(data.item, events, read));
  },
});
