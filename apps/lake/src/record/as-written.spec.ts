import { encodeEvent } from '@instep/contracts';
import { describe, expect, it } from '@jest/globals';

import { sampleEvent } from '../testing/sample-records.ts';
import { readAsWritten } from './as-written.ts';
import { readEnvelope, writeValue } from './envelope.ts';

const event = sampleEvent(7);
const { streamversion: _, causeposition: __, actor: ___, source: ____, ...least } = event;

describe('a value as our writers spell it', () => {
  it.each([
    ['', encodeEvent(event)],
    ['of the fewest attributes', encodeEvent({ ...least, source: undefined, data: null } as never)],
    ['with traces', spelled({ traceparent: '00-1-2-00', tracestate: 'a=b' })],
    ['with the end of its cause', spelled({ causeend: 12 })],
    ['with other letters', spelled({ subject: 'größe-店-😀', data: '{"größe":"店"}' })],
    ['with no data', spelled({ data: 'null' })],
    ['of version 0', spelled({ typeVersion: 0, streamversion: 0 })],
  ])('%s is read as its JSON says, and would be written again as it is', (_name, value) => {
    const read = readAsWritten(value);
    expect(read).toEqual(readEnvelope(value));
    expect(read && writeValue(read)).toBe(value);
  });

  it.each([
    ['that another writer spelled', encodeEvent(event).replace('"id":', '"id": ')],
    ['with the attributes in another order', JSON.stringify(Object.fromEntries(Object.entries(event).reverse()))],
    ['with an attribute that we do not know', encodeEvent(event).replace('"data":', '"other":1,"data":')],
    ['with a text that JSON must escape', encodeEvent({ ...event, subject: 'a"b' })],
    ['with a text that JSON would not escape', encodeEvent(event).replace('shop', '\\u0073hop')],
    ['with a raw control character', encodeEvent(event).replace('shop', 'sh\top')],
    ['of another schema', encodeEvent({ ...event, dataschema: 'order.complete/1' })],
    ['of a version with zeros before it', encodeEvent({ ...event, dataschema: `${event.type}/01` })],
    ['of too large a number', encodeEvent({ ...event, streamversion: 12_345_678_901 })],
    ['with zeros before a number', encodeEvent(event).replace(/}$/, ',"causeend":007}')],
    ['that is no event', '{}'],
    ['that is empty', ''],
  ])('%s is left to those who read JSON', (_name, value) => {
    expect(readAsWritten(value)).toBeUndefined();
  });

  it.each([
    ['that is cut off', encodeEvent(event).slice(0, -1)],
    ['with an attribute behind the data', encodeEvent({ ...event, other: 1 } as never)],
  ])('%s has data that is no JSON: whoever checks the data sees it', (_name, value) => {
    expect(() => JSON.parse(readAsWritten(value)?.data ?? 'null') as unknown).toThrow(SyntaxError);
  });
});

function spelled(over: Partial<Parameters<typeof writeValue>[0]>): string {
  const read = readEnvelope(encodeEvent(event));
  if (!read) throw new Error('the sample is no event');
  return writeValue({ ...read, ...over });
}
