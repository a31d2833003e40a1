import { topics } from '@instep/contracts';

import { allVersions, versionName } from './published.ts';

/** The log as an AsyncAPI 3.0 document: a channel per topic, a message per event version, CloudEvents 1.0 around the data. */
export function asyncApi(): string {
  const messageId = (name: string): string => name.replaceAll(/[./]/g, '_');
  const channels = Object.fromEntries(
    Object.values(topics).map(({ name, meaning, partitions }) => {
      const own = allVersions.filter((event) => event.topic === name);
      const messages = Object.fromEntries(
        own.map((event) => [messageId(versionName(event)), { $ref: `#/components/messages/${messageId(versionName(event))}` }]),
      );
      return [messageId(name), { address: name, description: meaning, messages, bindings: { kafka: { topic: name, partitions } } }];
    }),
  );
  const operations = Object.fromEntries(
    Object.values(topics).map(({ name, owner }) => [
      `${messageId(name)}_written_by_${owner.replaceAll('-', '_')}`,
      { action: 'send', channel: { $ref: `#/channels/${messageId(name)}` }, summary: `${owner} alone writes ${name}.` },
    ]),
  );
  const messages = Object.fromEntries(
    allVersions.map((event) => [
      messageId(versionName(event)),
      {
        name: event.name,
        title: versionName(event),
        summary: event.meaning,
        contentType: 'application/cloudevents+json',
        payload: {
          allOf: [
            { $ref: '#/components/schemas/CloudEvent' },
            { type: 'object', properties: { dataschema: { const: versionName(event) }, data: event.data } },
          ],
        },
        bindings: { kafka: { key: { type: 'string', description: '<tenant>/<stream id>' } } },
      },
    ]),
  );
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Instep',
      version: '0.1.0',
      description: 'The event log: one topic per owner, kept for ever.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    channels,
    operations,
    components: { messages, schemas: { CloudEvent: envelope } },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

const text = { type: 'string' };
const envelope = {
  type: 'object',
  required: [
    'specversion',
    'id',
    'source',
    'type',
    'subject',
    'time',
    'dataschema',
    'tenant',
    'recordedtime',
    'correlationid',
    'causationid',
    'actor',
    'data',
  ],
  properties: {
    specversion: { const: '1.0' },
    id: text,
    source: text,
    type: text,
    subject: { ...text, description: 'stream id' },
    time: { ...text, format: 'date-time', description: 'when it happened' },
    datacontenttype: { const: 'application/json' },
    dataschema: { ...text, description: '<name>/<version>' },
    tenant: text,
    streamversion: { type: 'integer', minimum: 1 },
    recordedtime: { ...text, format: 'date-time', description: 'when it was recorded' },
    correlationid: text,
    causationid: text,
    causeposition: { ...text, description: '<topic>/<partition>/<offset> of the input that caused it' },
    actor: text,
    traceparent: text,
    tracestate: text,
    data: { type: 'object' },
  },
};
