import { encodeEvent, findEvent, recordKey, topics, type CloudEvent } from '@instep/contracts';
import { inMemoryLog, partitionOfKey, type InMemoryLog } from '@instep/event-log';

/** What a spec says about a record; all else is as it must be. */
export interface Written {
  readonly type: string;
  readonly subject: string;
  readonly data: unknown;
  readonly event?: Partial<CloudEvent>;
  /** Another topic, key, partition or header than the event belongs to. */
  readonly topic?: string;
  readonly key?: string;
  readonly partition?: number;
  readonly header?: string;
  /** Undefined: the next number. Null: none. */
  readonly n?: number | null;
  readonly epoch?: number;
  /** Bytes instead of the event. */
  readonly value?: Buffer;
}

export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly event: CloudEvent;
}

/** A log in memory with all topics, written record by record as the owners' relays would, and as they never should. */
export class WrittenLog {
  readonly log: InMemoryLog = inMemoryLog({
    topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])),
  });
  readonly #numbers = new Map<string, number>();
  readonly #versions = new Map<string, number>();
  #ids = 0;
  #now = Date.parse('2026-03-01T10:00:00.000Z');

  async write(written: Written): Promise<Place> {
    const definition = findEvent(written.type);
    if (!definition) throw new Error(`no contract names ${written.type}`);
    const event = this.#eventOf(written, definition.owner, definition.version);
    const topic = written.topic ?? definition.topic;
    const key = written.key ?? recordKey(event.tenant, event.subject);
    const partition = written.partition ?? partitionOfKey(key, (await this.log.bounds(topic)).length);
    const name = `${topic}/${String(partition)}`;
    const n = written.n === undefined ? (this.#numbers.get(name) ?? 0) + 1 : written.n;
    if (n !== null) this.#numbers.set(name, Math.max(n, this.#numbers.get(name) ?? 0));
    const numbered = topics[definition.topic].sequenced && n !== null;
    const value = written.value ?? Buffer.from(encodeEvent(event));
    const { firstOffset: offset } = await this.log.append({ topic, partition }, [
      { key, type: written.header ?? written.type, sequence: numbered ? { epoch: written.epoch ?? 1, n } : undefined, value },
    ]);
    return { topic, partition, offset, event };
  }

  /** An event that this one caused. */
  caused(cause: Place): Pick<CloudEvent, 'causationid' | 'causeposition' | 'correlationid'> {
    return {
      causationid: cause.event.id,
      causeposition: `${cause.topic}/${String(cause.partition)}/${String(cause.offset)}`,
      correlationid: cause.event.correlationid,
    };
  }

  #eventOf({ type, subject, data, event = {} }: Written, owner: string, version: number): CloudEvent {
    this.#ids += 1;
    this.#now += 1_000;
    const stream = `${type.includes('.') ? (findEvent(type)?.stream ?? '') : ''}/${subject}`;
    const streamversion = event.streamversion ?? (this.#versions.get(stream) ?? 0) + 1;
    this.#versions.set(stream, streamversion);
    return {
      specversion: '1.0',
      id: `id-${String(this.#ids)}`,
      source: `instep/${owner}`,
      type,
      subject,
      time: new Date(this.#now).toISOString(),
      datacontenttype: 'application/json',
      dataschema: `${type}/${String(version)}`,
      tenant: 'demo',
      streamversion,
      recordedtime: new Date(this.#now).toISOString(),
      correlationid: `c-${String(this.#ids)}`,
      causationid: `request/r-${String(this.#ids)}/hash`,
      actor: 'user/clerk',
      data,
      ...event,
    };
  }
}

/** Events with little in them. */
export const sample = {
  confirmed: (orderId: string) => ({ type: 'order.confirmed', subject: orderId, data: { orderId } }),
  completed: (orderId: string) => ({ type: 'order.completed', subject: orderId, data: { orderId } }),
  reserved: (orderId: string, item = 'MUG') => ({
    type: 'stock.reserved',
    subject: orderId,
    data: { orderId, lines: [{ lineId: '1', item, location: 'here', quantity: '1' }], complete: true },
  }),
  posted: (orderId: string) => ({
    type: 'journal.posted',
    subject: orderId,
    data: {
      journalId: `${orderId}#1`,
      kind: 'payment',
      orderId,
      currency: 'EUR',
      memo: 'payment received',
      lines: [
        { account: '1000', amount: '5' },
        { account: '2000', amount: '-5' },
      ],
    },
  }),
  noted: (orderId: string) => ({
    type: 'order.noted',
    subject: orderId,
    data: { orderId, asOf: { at: '2026-03-01T10:00:00.000Z', tie: 't' }, refunds: [] },
  }),
  tagged: (customerId: string) => ({ type: 'customer.tagged', subject: customerId, data: { customerId, tag: 'vip', orderId: null } }),
  received: (item: string) => ({
    type: 'stock.received',
    subject: item,
    data: { item, location: 'here', quantity: '5', cost: '10', currency: 'EUR', reference: null },
  }),
  stockReport: (subject: string) => ({
    type: 'channel-stock.reported',
    subject,
    data: {
      channel: 'sample',
      inventoryItemId: '1',
      locationId: '1',
      available: '1',
      reportedAt: '2026-03-01T10:00:00.000Z',
      contentHash: 'h',
    },
  }),
  webhook: (object: string, body: unknown) => ({
    type: 'webhook.received',
    subject: object,
    data: {
      connection: 'sample',
      vendor: 'shopify',
      topic: 'orders/create',
      webhookId: 'w',
      eventId: 'w',
      apiVersion: null,
      shopDomain: null,
      triggeredAt: null,
      receivedAt: '2026-03-01T10:00:00.000Z',
      body: Buffer.from(JSON.stringify(body)).toString('base64'),
    },
  }),
} as const;
