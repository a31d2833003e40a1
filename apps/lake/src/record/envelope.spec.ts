import { encodeEvent } from '@instep/contracts';
import { describe, expect, it } from '@jest/globals';

import { sampleEvent } from '../testing/sample-records.ts';
import { readEnvelope } from './envelope.ts';

const event = sampleEvent(7);

describe('an envelope', () => {
  it('is read, and the data stays the text that it is', () => {
    const read = readEnvelope(encodeEvent(event));
    expect(read).toMatchObject({ id: event.id, type: 'order.completed', typeVersion: 1, streamversion: 1, causeposition: 'channels/0/7' });
    expect(read?.data).toBe(JSON.stringify(event.data));
  });

  it('keeps numbers that JavaScript would round', () => {
    const value = encodeEvent({ ...event, data: { id: 0 } }).replace('"id":0}', '"id":820982911946154508}');
    expect(readEnvelope(value)?.data).toBe('{"id":820982911946154508}');
  });

  it('is found where the data is not last, once it is read carefully', () => {
    const { data, ...attributes } = event;
    const value = JSON.stringify({ data, ...attributes });
    expect(readEnvelope(value)?.data).toBe(JSON.stringify(data));
    const middle = JSON.stringify({ ...attributes, data, actor: 'late' });
    expect(readEnvelope(middle, true)?.data).toBe(JSON.stringify(data));
  });

  it('is not led astray by a text or an inner object that looks like its data', () => {
    const value = encodeEvent({ ...event, actor: 'a,"data":{"x":1}' });
    expect(readEnvelope(value)).toMatchObject({ actor: 'a,"data":{"x":1}', data: JSON.stringify(event.data) });
    const { data, ...attributes } = event;
    const nested = JSON.stringify({ ...attributes, extra: { one: 1, data: 2 }, data });
    expect(readEnvelope(nested)?.data).toBe(JSON.stringify(data));
  });

  it.each([
    '',
    'no json',
    '[]',
    'null',
    '"text"',
    '{}',
    '{"id":"1"}',
    '{"id":"1","data":{}}',
    encodeEvent({ ...event, dataschema: 'another/1' }),
  ])('is none in %j', (value) => {
    expect(readEnvelope(value)).toBeUndefined();
    expect(readEnvelope(value, true)).toBeUndefined();
  });
});
