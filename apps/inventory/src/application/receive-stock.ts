import { accept, defineCommand, record } from '@instep/decider';

import { itemStream } from '../domain/item/item.ts';
import type { ReceiveStock } from '../domain/item/receive-stock.ts';
import { decideReceipt } from '../domain/item/receive-stock.ts';
import { filled, servedReservations } from './fill.ts';

/** Takes goods in, and sets them aside for the orders that wait for them. */
export const receiveStock = defineCommand<ReceiveStock>({
  name: 'ReceiveStock',
  streams(data, read) {
    const item = { stream: itemStream, id: data.item };
    if (!read.has(itemStream, data.item)) return [item];
    const events = decideReceipt(data, read.state(itemStream, data.item));
    return 'code' in events ? [item] : [item, ...servedReservations(data.item, events, read)];
  },
  decide(data, read) {
    const events = decideReceipt(data, read.state(itemStream, data.item));
    if ('code' in events) return { refused: events };
    return accept(record(itemStream, data.item, events), filled(data.item, events, read));
  },
});
