import type { CloudEvent } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';
import { describe, expect, it } from '@jest/globals';

import type { Evidence, Invariant } from '../evidence.ts';
import { invariants, stepInvariants } from './index.ts';
import { calmCompany } from './testing/calm-company.ts';
import { withOrder, withRecords, withStore } from './testing/tampered.ts';

const evidence = await calmCompany();

describe('the invariants', () => {
  it.each(invariants.map((invariant) => [invariant.id, invariant] as const))('%s holds in a calm company', async (_id, invariant) => {
    expect(await invariant.check(evidence)).toEqual([]);
  });

  it('hold at every step as well', () => {
    expect(stepInvariants.flatMap((invariant) => invariant.check(evidence))).toEqual([]);
  });
});

describe('an invariant is broken', () => {
  it.each<readonly [string, RegExp, () => Evidence | Promise<Evidence>]>([
    ['INV-1', /order sample:9 was acknowledged and is placed 0 times/, () => withOrder(evidence, () => ({ orderId: 'sample:9' }))],
    ['INV-1', /hr knows order sample:1 0 times/, () => withoutRows('hr', 'order_sale')],
    ['INV-2', /webhook lost was acknowledged and is not kept/, () => ({ ...evidence, acknowledgedWebhooks: ['lost'] })],
    ['INV-3', /A at main: \d+ on hand, the events say/, () => withRecords(evidence, without('stock.received'))],
    ['INV-4', /order sample:1: 0 at clearing, the shop captured 23.8/, paidInSecret],
    ['INV-4', /the stock account says 0, the goods are worth/, () => withoutRows('finance', 'journal_line')],
    ['INV-5', /order sample:1: 0 told as paid, the shop received 23.8/, paidInSecret],
    ['INV-6', /instep\/order-intake acted on .* and again at 2099/, () => withRecords(evidence, actingAgain)],
    ['INV-7', /carries number \d+ after \d+ \(number-gap\)/, () => withRecords(evidence, withoutFirst('orders'))],
    ['INV-7', /cause-differs|cause-missing/, () => withRecords(evidence, withoutFirst('raw.shopify'))],
    [
      'INV-8',
      /finance journal_line .* is not in the rebuilt database|cannot be rebuilt/,
      () => withRecords(evidence, withoutLast('finance')),
    ],
    ['INV-9', /crm: 0 received for order sample:1, at the shop 23.8/, paidInSecret],
    ['INV-10', /crm has read orders\/\d to \d+ of \d+/, () => withRecords(evidence, twice('orders'))],
    ['INV-11', /which is fit \(defect\)/, parkedByMistake],
    ['INV-11', /connectors passed over what nobody can read/, () => ({ ...evidence, poisonedWebhooks: ['webhook-0'] })],
    ['INV-12', /in 2 ways/, answeredDifferently],
    ['INV-13', /who does not exist/, () => withoutRows('crm', 'customer')],
  ])('%s: %s', async (id, fault, tamper) => {
    expect(await checked(id, await tamper())).toEqual(expect.arrayContaining([expect.stringMatching(fault)]));
  });

  it('by more set aside than there is, as soon as it is', () => {
    const row = { tenant: 'demo', item: 'A', location: 'main', onHand: '1', reserved: '2', available: '-1', value: '4', currency: 'USD' };
    const tampered = withStore(evidence, 'inventory', () => ({ rows: () => [row] }));
    expect(stepInvariants.flatMap((invariant) => invariant.check(tampered))).toContain('A at main: -1 available');
  });

  it('by a number that is left out, as soon as it is', async () => {
    const tampered = await withRecords(evidence, withoutFirst('orders'));
    expect(stepInvariants.flatMap((invariant) => invariant.check(tampered))).toContainEqual(
      expect.stringMatching(/^orders\/\d offset 0 carries number 2 after 0$/),
    );
  });
});

async function checked(id: string, tampered: Evidence): Promise<readonly string[]> {
  const { check } = invariants.find((invariant) => invariant.id === id) as Invariant;
  return check(tampered);
}

function withoutRows(service: 'hr' | 'finance' | 'crm', table: string): Evidence {
  return withStore(evidence, service, (store) => ({ rows: (name) => (name === table ? [] : store.rows(name)) }));
}

function paidInSecret(): Evidence {
  return withOrder(evidence, ({ acknowledged }) => ({ acknowledged: acknowledged.paid('2026-03-05T10:00:00Z') }));
}

type Change = (records: readonly LogRecord[], name: string) => readonly LogRecord[];

function without(type: string): Change {
  return (records) => records.filter((record) => record.type !== type);
}

/** Only where more follows. */
function withoutFirst(topic: string): Change {
  return (records, name) => (name.startsWith(`${topic}/`) && records.length > 1 ? records.slice(1) : records);
}

function withoutLast(topic: string): Change {
  return (records, name) => (name.startsWith(`${topic}/`) ? records.slice(0, -1) : records);
}

function twice(topic: string): Change {
  return (records, name) => (name.startsWith(`${topic}/`) ? [...records, ...records] : records);
}

/** The last event of each partition again, decided at another time. */
function actingAgain(records: readonly LogRecord[], name: string): readonly LogRecord[] {
  const last = records.at(-1);
  if (!name.startsWith('orders/') || !last?.sequence) return records;
  const event = JSON.parse(last.value.toString('utf8')) as CloudEvent;
  const again = { ...event, id: `${event.id}-2`, recordedtime: '2099-01-01T00:00:00.000Z' };
  return [...records, { ...last, sequence: { epoch: 1, n: last.sequence.n + 1 }, value: Buffer.from(JSON.stringify(again)) }];
}

function parkedByMistake(): Evidence {
  const record = [...evidence.records.values()].flat().find(({ topic }) => topic === 'orders') as LogRecord;
  const parked = {
    ...record,
    type: null,
    sequence: null,
    consumer: 'crm.events',
    code: 'defect',
    reason: 'a mistake',
    parkedAt: 0,
    n: 1,
    waiting: 1,
  };
  return withStore(evidence, 'crm', ({ parked: store }) => ({
    parked: { list: async () => [parked], read: async () => [parked], count: (consumer) => store.count(consumer) },
  }));
}

function answeredDifferently(): Evidence {
  return {
    ...evidence,
    requests: evidence.requests.map((request) => ({
      ...request,
      answers: [...request.answers, { kind: 'refused' as const, replayed: true, refusal: { code: 'item/unknown' as const, message: '' } }],
    })),
  };
}
