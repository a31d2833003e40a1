import { topics, type TopicDefinition } from '@instep/contracts';
import type { EventLog, LogRecord, TopicPartition } from '@instep/event-log';

import { recordsAt } from '../records-at.ts';
import { placeOf, storyEvent, type StoryEvent } from './story-event.ts';

type Untimed = Omit<StoryEvent, 'lagMs'>;

const correlationMark = Buffer.from('"correlationid":"');
const quote = 0x22;
const longest = 300;

/** Gathers the events of one story while the log is read. */
export class Collection {
  readonly #log: EventLog;
  readonly #tenant: string | undefined;
  readonly #subject: string;
  readonly #most: number;
  /** How the id stands in an event: as a whole text, or as the last part of a key or place. */
  readonly #asText: Buffer;
  readonly #asLastPart: Buffer;
  readonly #events = new Map<string, Untimed>();
  readonly #ids = new Set<string>();
  /** Places of events that name the id, and of those that lead there or tell of the same object of a channel. */
  readonly #core = new Set<string>();
  #correlations: ReadonlySet<string> = new Set();
  #objects: ReadonlySet<string> = new Set();
  #cut = false;

  constructor(log: EventLog, id: string, tenant: string | undefined, most: number) {
    this.#log = log;
    const slash = id.indexOf('/');
    this.#tenant = tenant ?? (slash > 0 ? id.slice(0, slash) : undefined);
    this.#subject = id.slice(slash + 1);
    this.#most = most;
    const spelt = JSON.stringify(this.#subject);
    this.#asText = Buffer.from(spelt);
    this.#asLastPart = Buffer.from(`/${spelt.slice(1)}`);
  }

  get cut(): boolean {
    return this.#cut;
  }

  addNaming(record: LogRecord): void {
    const names = record.value.includes(this.#asText) || record.value.includes(this.#asLastPart) || this.#isOfKey(record);
    if (names && this.#add(record)) this.#core.add(placeOf(record));
  }

  /** Tenants of the events that name the id. */
  tenants(): readonly string[] {
    return [...new Set([...this.#events.values()].map(({ tenant }) => tenant))].sort();
  }

  /** What caused what is there, up to the first request or webhook. What else these causes led to concerns others. */
  async addCauses(): Promise<void> {
    const named = [...this.#events.values()];
    const asked = new Set<string>();
    for (let wanted = this.#unknownCauses(asked); wanted.size > 0; wanted = this.#unknownCauses(asked)) {
      for (const [name, offsets] of wanted) {
        const target = targetOf(name);
        const next = await this.#endOf(target);
        const there = offsets.filter((offset) => offset < next).sort((a, b) => a - b);
        for await (const record of recordsAt(this.#log, target, there)) this.#add(record);
      }
    }
    this.#correlations = new Set(named.map(({ correlationId }) => correlationId));
    this.#objects = new Set(
      [...this.#events.values()].filter(saidByChannel).map(({ topic, tenant, subject }) => `${topic}\u0000${tenant}/${subject}`),
    );
  }

  addRelated(record: LogRecord): void {
    if (this.#objects.has(`${record.topic}\u0000${record.key}`)) {
      if (this.#add(record)) this.#core.add(placeOf(record));
    } else {
      const correlation = correlationOf(record.value);
      // What happened in the park of a service correlates with the place of the record that was parked.
      if (this.#correlations.has(correlation) || this.#events.has(correlation)) this.#add(record);
    }
  }

  /** What names the id or leads to it, and what these led to. Other events that only share a transaction with them are left out. */
  connected(): readonly Untimed[] {
    const all = [...this.#events.values()];
    const kept = new Set(this.#core);
    for (const place of this.#core) this.#keepCauses(place, kept);
    const effects = Map.groupBy(all, ({ causePosition }) => causePosition);
    const waiting = [...this.#core];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      for (const effect of effects.get(place) ?? []) {
        const at = placeOf(effect);
        if (kept.has(at)) continue;
        kept.add(at);
        waiting.push(at);
      }
    }
    return all.filter((event) => kept.has(placeOf(event)));
  }

  #keepCauses(from: string, kept: Set<string>): void {
    for (
      let cause = this.#events.get(from)?.causePosition;
      cause !== undefined && !kept.has(cause);
      cause = this.#events.get(cause)?.causePosition
    ) {
      if (this.#events.has(cause)) kept.add(cause);
    }
  }

  #add(record: LogRecord): boolean {
    const place = placeOf(record);
    if (this.#events.has(place)) return true;
    if (this.#events.size >= this.#most) {
      this.#cut = true;
      return false;
    }
    const event = storyEvent(record);
    if (this.#tenant !== undefined && event.tenant !== this.#tenant) return false;
    // Sent again: the same event lies further up.
    if (this.#ids.has(`${event.topic}/${event.id}`)) return false;
    this.#ids.add(`${event.topic}/${event.id}`);
    this.#events.set(place, event);
    return true;
  }

  #isOfKey({ key }: LogRecord): boolean {
    const slash = key.indexOf('/');
    return key.slice(slash + 1) === this.#subject;
  }

  #unknownCauses(asked: Set<string>): ReadonlyMap<string, number[]> {
    const wanted = new Map<string, number[]>();
    for (const { causePosition } of this.#events.values()) {
      if (causePosition === undefined || this.#events.has(causePosition) || asked.has(causePosition)) continue;
      asked.add(causePosition);
      const cut = causePosition.lastIndexOf('/');
      const name = causePosition.slice(0, cut);
      wanted.set(name, [...(wanted.get(name) ?? []), Number(causePosition.slice(cut + 1))]);
    }
    return wanted;
  }

  async #endOf({ topic, partition }: TopicPartition): Promise<number> {
    if (!isTopic(topic)) return 0;
    return (await this.#log.bounds(topic)).find((bounds) => bounds.partition === partition)?.next ?? 0;
  }
}

function saidByChannel({ topic }: Untimed): boolean {
  const definition: TopicDefinition | undefined = isTopic(topic) ? topics[topic] : undefined;
  return definition?.owner === 'connectors' && !topic.startsWith('dead-letters.');
}

function isTopic(name: string): name is keyof typeof topics {
  return Object.hasOwn(topics, name);
}

function targetOf(name: string): TopicPartition {
  const cut = name.lastIndexOf('/');
  return { topic: name.slice(0, cut), partition: Number(name.slice(cut + 1)) };
}

/** Without parsing the record. */
function correlationOf(value: Buffer): string {
  const from = value.indexOf(correlationMark);
  if (from < 0) return '';
  const start = from + correlationMark.length;
  const end = value.indexOf(quote, start);
  return end < 0 || end - start > longest ? '' : value.toString('utf8', start, end);
}
