import { encodeEvent } from '@instep/contracts';
import { describe, expect, it } from '@jest/globals';

import { mendedRecord } from './mended-record.ts';

const event = (subject: string, data: object): Buffer =>
  Buffer.from(
    encodeEvent({
      specversion: '1.0',
      id: '1',
      source: 'instep/order-intake',
      type: 'order.confirmed',
      subject,
      time: '2026-03-01T10:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: 'order.confirmed/1',
      tenant: 'demo',
      recordedtime: '2026-03-01T10:00:00.000Z',
      correlationid: 'c',
      causationid: 'c',
      actor: 'test',
      data,
    }),
  );
const parked = {
  consumer: 'crm.events',
  topic: 'orders',
  partition: 0,
  offset: 7,
  key: 'demo/a',
  type: 'order.confirmed',
  sequence: null,
  value: Buffer.from('{"half'),
  code: 'contract/not-an-event',
  reason: 'no JSON',
  parkedAt: 0,
  n: 3,
};

describe('a parked record with other bytes', () => {
  it('keeps its place and says who mended it and why', () => {
    const value = event('a', { orderId: 'a' });
    expect(mendedRecord(parked, { value, note: 'Bea: half was lost on the way' })).toEqual({
      ...parked,
      value,
      note: 'Bea: half was lost on the way',
    });
  });

  it.each([
    ['another key', event('b', { orderId: 'b' }), 'it belongs to the key demo/b, not to demo/a'],
    ['another shape', event('a', { orderId: 7 }), /orderId/],
    ['no JSON', Buffer.from('{'), /./],
  ])('refuses %s', (_, value, why) => {
    const refused = mendedRecord(parked, { value, note: 'x' });
    expect(refused).toEqual(typeof why === 'string' ? why : expect.stringMatching(why));
  });
});
