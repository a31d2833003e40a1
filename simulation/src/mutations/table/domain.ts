import type { Mutation } from '../mutation.ts';

/** Defects in what departments decide. */
export const deciding: readonly Mutation[] = [
  {
    name: 'stale-report-wins',
    meaning: 'order-intake takes the report that came last for the newest',
    edits: [
      {
        file: 'apps/order-intake/src/domain/order/snapshot.ts',
        find: 'return byTime === 0 ? stamp.tie > known.tie : byTime > 0;',
        replace: 'return byTime === 0 ? stamp.tie !== known.tie : byTime !== 0;',
      },
    ],
    within: 20,
  },
  {
    name: 'early-refund-dropped',
    meaning: 'a refund that comes before its order is not remembered',
    edits: [
      {
        file: 'apps/order-intake/src/domain/order/announce.ts',
        find: '  note(telling, refunds, shipments);',
        replace: '  if (telling.state.placed !== undefined) note(telling, refunds, shipments);',
      },
    ],
    within: 60,
  },
  {
    name: 'reserved-not-subtracted',
    meaning: 'what other orders have set aside counts as free',
    edits: [
      {
        file: 'apps/inventory/src/domain/reservation/shelf.ts',
        find: 'isZero(place.reserved) ? place.onHand : subtract(place.onHand, place.reserved)',
        replace: 'place.onHand',
      },
    ],
    within: 20,
  },
  {
    name: 'captured-again',
    meaning: 'finance compares only with the last journal: what was posted before is posted again',
    edits: [
      {
        file: 'apps/finance/src/domain/account-document/account-document.ts',
        find: 'combine(state.booked, posted)',
        replace: 'posted',
      },
    ],
    within: 5,
  },
  {
    name: 'repeated-report-passed-on',
    meaning: 'connectors pass on a report that says the same as the last one',
    edits: [
      {
        file: 'apps/connectors/src/domain/channel-order/report-order.ts',
        find: '    if (isKnown(read.state(channelOrder, id).order, data)) return nothing;\n',
        replace: '',
      },
    ],
    within: 'never',
  },
];
