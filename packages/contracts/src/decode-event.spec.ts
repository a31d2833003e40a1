import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import type { CloudEvent } from './cloud-event.ts';
import { encodeEvent } from './cloud-event.ts';
import { decodeEvent } from './decode-event.ts';
import { events, findEvent } from './registry.ts';
import { topics } from './topic.ts';

const golden = fileURLToPath(new URL('../golden', import.meta.url));
const samples = readdirSync(golden, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
const sample = (name: string): CloudEvent<Record<string, unknown>> =>
  JSON.parse(readFileSync(join(golden, name), 'utf8')) as CloudEvent<Record<string, unknown>>;

describe('decoding an event', () => {
  it.each(samples)('reads %s, once written, for ever', (name) => {
    const event = sample(name);
    expect(decodeEvent(encodeEvent(event))).toMatchObject({ id: event.id, type: event.type, subject: event.subject });
  });

  it('has a sample of every event', () => {
    expect(new Set(samples.map((name) => sample(name).type))).toEqual(new Set(events.map(({ name }) => name)));
  });

  it('names the place that breaks the schema', () => {
    const event = sample('order.paid/v1.json');
    const broken = encodeEvent({ ...event, data: { ...event.data, amount: 12.5 } });
    expect(() => decodeEvent(broken)).toThrow(
      expect.objectContaining({ code: 'contract/invalid-data', paths: [{ path: '/amount', message: expect.any(String) }] }),
    );
  });

  it.each([
    ['bytes that are no JSON', Buffer.from([0xff, 0x00]), 'contract/not-an-event'],
    ['half a document', '{"id":', 'contract/not-an-event'],
    ['null', 'null', 'contract/not-an-event'],
    ['a document without the attributes', '{"id":"1"}', 'contract/not-an-event'],
    [
      'an event that no contract names',
      encodeEvent({ ...sample('order.paid/v1.json'), type: 'order.dreamt', dataschema: 'order.dreamt/1' }),
      'contract/unknown-type',
    ],
    ['a version from the future', encodeEvent({ ...sample('order.paid/v1.json'), dataschema: 'order.paid/2' }), 'contract/unknown-version'],
  ])('refuses %s', (_, value, code) => {
    expect(() => decodeEvent(value)).toThrow(expect.objectContaining({ code, transient: false }));
  });

  it('keeps ids and amounts beyond what a double holds', () => {
    const event = sample('order.paid/v1.json');
    const large = encodeEvent({
      ...event,
      subject: 'sample:820982911946154508',
      data: { ...event.data, orderId: 'sample:820982911946154508', amount: '9007199254740993.01' },
    });
    expect(decodeEvent(large)).toMatchObject({ subject: 'sample:820982911946154508', data: { amount: '9007199254740993.01' } });
  });
});

describe('the registry', () => {
  it('gives every event the owner of its topic', () => {
    for (const { name, owner, topic } of events) expect([name, owner]).toEqual([name, topics[topic].owner]);
  });

  it('does not know what it does not know', () => {
    expect(findEvent('order.dreamt')).toBeUndefined();
  });
});
