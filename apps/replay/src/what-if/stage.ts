import { decodeEvent, recordKey, topics as contractTopics, type CloudEvent, type ServiceName } from '@instep/contracts';
import {
  departmentOnStore,
  inMemoryStore,
  saysDeadLetter,
  saysRedriven,
  type DepartmentDefinition,
  type DepartmentOnStore,
  type InMemoryStore,
} from '@instep/department';
import { inMemoryLog, partitionName, partitionOfKey, type InMemoryLog, type LogRecord, type TopicPartition } from '@instep/event-log';

import { Agenda } from './agenda.ts';
import { askedAgain } from './asked-again.ts';
import type { Changes } from './changes.ts';
import { copyNames, idOfRecord, isNumbered, type History, type RecordedDecision } from './history.ts';
import { KnownIds, NotYet } from './known-ids.ts';

/** What became of history. */
export interface Played {
  readonly log: InMemoryLog;
  /** Of the log. */
  readonly partitions: readonly TopicPartition[];
  readonly stores: ReadonlyMap<ServiceName, InMemoryStore>;
  readonly definitions: ReadonlyMap<ServiceName, DepartmentDefinition>;
  /** What people asked for and was refused, or could not be done, as things were here. */
  readonly refused: readonly { readonly asked: string; readonly why: string }[];
  readonly events: number;
  /** When inputs that led to nothing were read, as far as it could be found. */
  readonly readAt: ReadTimes;
}

/** Milliseconds since 1970, by department and name of the input. */
export type ReadTimes = ReadonlyMap<string, number>;

/** An input that led to nothing in history is tried so often, each time so much later, until it leads to nothing. */
const tries = { most: 60, everyMs: 250 } as const;

/** A record, and the name that history has for it. */
interface Input {
  readonly record: LogRecord;
  readonly name: string;
}

interface Desk {
  readonly service: ServiceName;
  readonly definition: DepartmentDefinition;
  readonly store: InMemoryStore;
  readonly department: DepartmentOnStore;
  readonly ids: KnownIds;
  /** Records that wait, by partition; the first is on the agenda. */
  readonly waiting: Map<string, Input[]>;
}

export interface StageParts {
  readonly history: History;
  readonly definitions: ReadonlyMap<ServiceName, DepartmentDefinition>;
  readonly changes: Changes;
  /** Departments that are another version than that of history. */
  readonly replaced?: ReadonlySet<ServiceName>;
  /** As another run found them. Without them they are looked for, which only a run without changes can. */
  readonly readAt?: ReadTimes;
  progress?(inputs: number): void;
}

/**
 * Plays history once more in memory: what came from outside comes as it did, and the departments decide all else. Each input meets a department
 * at the moment at which it did, and its decision gets the time and the ids that it had; what was not in history happens as soon as its
 * cause has. So without changes the same events come out, and the same tables.
 */
export async function play({ progress, ...parts }: StageParts): Promise<Played> {
  return await new Stage(parts).play(progress);
}

class Stage {
  readonly #history: History;
  readonly #changes: Changes;
  readonly #replaced: ReadonlySet<ServiceName>;
  readonly #definitions: ReadonlyMap<ServiceName, DepartmentDefinition>;
  readonly #agenda: Agenda;
  readonly #log: InMemoryLog;
  readonly #desks: ReadonlyMap<ServiceName, Desk>;
  readonly #nameOf = copyNames();
  readonly #known: ReadTimes | undefined;
  readonly #readAt = new Map<string, number>();
  readonly #refused: { asked: string; why: string }[] = [];
  /** Of what happens at the moment: the time that its decision had in history, or that of its cause. */
  #now = 0;
  #events = 0;

  constructor({ history, definitions, changes, replaced = new Set(), readAt }: Omit<StageParts, 'progress'>) {
    this.#known = readAt;
    this.#history = history;
    this.#changes = changes;
    this.#replaced = replaced;
    this.#definitions = definitions;
    const orders = Map.groupBy(history.decisions, ({ service }) => service);
    this.#agenda = new Agenda(new Map([...orders].map(([service, all]) => [service, all.map(({ order }) => order)])));
    const counts = Object.values(contractTopics).map(({ name, partitions }) => [name, partitions] as const);
    // Nobody consumes: what is appended is handed out by the agenda.
    const scheduler = { now: () => this.#now, after: () => undefined, soon: () => undefined };
    this.#log = inMemoryLog({ topics: Object.fromEntries(counts), maxRecordBytes: Number.MAX_SAFE_INTEGER, scheduler });
    this.#desks = new Map([...definitions].map(([service, definition]) => [service, this.#desk(service, definition)]));
  }

  async play(progress?: (inputs: number) => void): Promise<Played> {
    const reached = new Map<string, number>();
    for (const raw of this.#history.raw) {
      // Of one partition in the order of the log, whatever the clocks of its writers said.
      const at = Math.max(raw.record.timestamp, reached.get(partitionName(raw.record)) ?? 0);
      reached.set(partitionName(raw.record), at);
      if (this.#changes.removes(raw.event)) this.#giveUp(raw.event.id);
      else this.#agenda.add({ at, happen: () => this.#append(raw.record) });
    }
    for (const decision of this.#history.decisions) this.#expectDecision(decision);
    for (const event of this.#changes.added) this.#expectAdded(event);
    let done = 0;
    for (let entry = this.#agenda.take(); entry; entry = this.#agenda.take()) {
      this.#now = entry.at;
      await entry.happen();
      progress?.((done += 1));
    }
    const stores = new Map([...this.#desks].map(([service, { store }]) => [service, store]));
    const partitions = Object.values(contractTopics).flatMap(({ name, partitions: count }) =>
      Array.from({ length: count }, (_, partition) => ({ topic: name, partition })),
    );
    return {
      log: this.#log,
      partitions,
      stores,
      definitions: this.#definitions,
      refused: this.#refused,
      events: this.#events,
      readAt: this.#readAt,
    };
  }

  #desk(service: ServiceName, definition: DepartmentDefinition): Desk {
    const store = inMemoryStore({ tables: definition.projections.map(({ table }) => table as never), now: () => this.#now });
    const ids = new KnownIds();
    const clock = { now: () => this.#now, sleep: () => Promise.resolve() };
    const written = ids.writingTo(store, (event) => this.#changes.decided(event));
    return {
      service,
      definition,
      store,
      ids,
      waiting: new Map(),
      department: departmentOnStore({ definition, store: written, clock, ids }),
    };
  }

  #expectDecision(decision: RecordedDecision): void {
    const { service, cause, at, order, events } = decision;
    const [first] = events;
    if (!first) return;
    const redriven = events.find(({ event }) => saysRedriven(event));
    if (redriven) {
      this.#agenda.add({ at, service, order, happen: () => this.#redrive(decision, redriven.event) });
    } else if (cause.startsWith('request/') && events.some(({ event }) => this.#changes.removes(event))) {
      this.#giveUpDecision(decision);
    } else if (cause.startsWith('request/')) {
      this.#agenda.add({
        at,
        service,
        order,
        happen: () =>
          this.#ask(
            service,
            cause,
            events.map(({ record }) => decodeEvent(record.value)),
            decision,
          ),
      });
    }
  }

  #expectAdded(event: CloudEvent): void {
    const topic = this.#changes.topicOf(event);
    const at = Date.parse(event.recordedtime);
    if (topic.sequenced) {
      this.#agenda.add({ at, happen: () => this.#ask(topic.owner, event.causationid, [event], undefined) });
    } else {
      const key = recordKey(event.tenant, event.subject);
      const value = Buffer.from(JSON.stringify(event));
      const partition = partitionOfKey(key, topic.partitions);
      this.#agenda.add({ at, happen: () => this.#append({ topic: topic.name, partition, key, type: event.type, value }) });
    }
  }

  async #ask(service: ServiceName, cause: string, events: readonly CloudEvent[], known: RecordedDecision | undefined): Promise<void> {
    const desk = this.#deskOf(service);
    const changed = events.map((event) => this.#changes.asked(event));
    const [first] = changed;
    if (!desk || !first) return;
    const cut = cause.lastIndexOf('/');
    desk.ids.begin(cause, known);
    try {
      const outcome = await desk.department.execute(askedAgain(desk.definition, changed), {
        ...{ tenant: first.tenant, actor: first.actor, correlationId: first.correlationid },
        ...{ idempotencyKey: cause.slice('request/'.length, cut), requestHash: cause.slice(cut + 1) },
        ...(first.traceparent !== undefined && { traceparent: first.traceparent }),
        time: changed.find(({ time, recordedtime }) => time === recordedtime)?.time ?? first.time,
      });
      if (outcome.kind === 'refused') this.#refused.push({ asked: `${first.type} ${first.subject}`, why: outcome.refusal.message });
    } catch (error) {
      this.#refused.push({ asked: `${first.type} ${first.subject}`, why: error instanceof Error ? error.message : String(error) });
    }
    await this.#publish(desk, known);
  }

  async #redrive(decision: RecordedDecision, event: CloudEvent): Promise<void> {
    const desk = this.#deskOf(decision.service);
    if (!desk) return;
    const { topic, key, value, note } = event.data as {
      readonly topic: string;
      readonly key: string;
      readonly value: string;
      readonly note?: string;
    };
    desk.ids.begin(decision.cause, decision);
    const isMended = note !== undefined && value !== '';
    await desk.department.redrive(topic, key, isMended ? { value: Buffer.from(value, 'base64'), note } : undefined);
    await this.#publish(desk, decision);
  }

  async #apply(desk: Desk, { record, name }: Input, known: RecordedDecision | undefined, tried: number): Promise<void> {
    // Nobody wrote down when something was read that led to nothing. Where it would lead to something, it was read later.
    const silent = !known && this.#known === undefined && this.#history.find(name) !== undefined && tried < tries.most;
    desk.ids.begin(`event/${name}`, known, silent);
    try {
      await desk.department.apply(record, this.#parkedAs(desk, known));
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      this.#expectInput(desk, { record, name }, tried + 1, this.#now + tries.everyMs);
      return;
    }
    if (tried > 0) this.#readAt.set(`${desk.service} ${name}`, this.#now);
    await this.#publish(desk, known);
    const waiting = desk.waiting.get(partitionName(record));
    waiting?.shift();
    if (waiting?.[0]) this.#expectInput(desk, waiting[0]);
  }

  /** Why it was parked then. Its code could not apply it, and today's may be able to; another version is given the chance. */
  #parkedAs({ service }: Desk, known: RecordedDecision | undefined): { readonly code: string; readonly reason: string } | undefined {
    const letter = this.#replaced.has(service) ? undefined : known?.events.find(({ event }) => saysDeadLetter(event));
    if (!letter) return undefined;
    // Where the record lay then says nothing about where it lies here.
    const { code, reason } = letter.event.data as { readonly code: string; readonly reason: string };
    return { code, reason };
  }

  async #publish(desk: Desk, known: RecordedDecision | undefined): Promise<void> {
    const rows = await desk.department.takeRecorded();
    const recorded = new Set<string>();
    for (const { topic, partition, key, type, value } of rows) {
      this.#events += 1;
      recorded.add(await this.#append({ topic, partition, key, type, value: Buffer.from(value) }));
    }
    for (const { event } of known?.events ?? []) if (!recorded.has(event.id)) this.#giveUp(event.id);
  }

  /** This event does not come, nor what followed from it. */
  #giveUp(id: string): void {
    for (const service of this.#desks.keys()) {
      const decision = this.#history.decision(service, `event/${id}`);
      if (decision) this.#giveUpDecision(decision);
    }
  }

  #giveUpDecision({ service, order, events }: RecordedDecision): void {
    this.#agenda.giveUp(service, order);
    for (const { event } of events) this.#giveUp(event.id);
  }

  async #append({
    topic,
    partition,
    key,
    type,
    value,
  }: Pick<LogRecord, 'topic' | 'partition' | 'key' | 'type' | 'value'>): Promise<string> {
    const { firstOffset: offset } = await this.#log.append({ topic, partition }, [{ key, type: type ?? '', sequence: undefined, value }]);
    const record: LogRecord = { topic, partition, offset, key, type, sequence: undefined, value, timestamp: this.#now };
    const id = idOfRecord(record);
    const input = { record, name: isNumbered(topic) ? id : this.#nameOf(id) };
    for (const desk of this.#desks.values()) {
      if (!(desk.definition.topics as readonly string[]).includes(topic)) continue;
      const name = partitionName(record);
      const waiting = desk.waiting.get(name) ?? [];
      desk.waiting.set(name, waiting);
      if (waiting.push(input) === 1) this.#expectInput(desk, input);
    }
    return input.name;
  }

  #expectInput(desk: Desk, input: Input, tried = 0, later?: number): void {
    const { service } = desk;
    const { record, name } = input;
    const known = this.#history.decision(service, `event/${name}`);
    const found = later ?? known?.at ?? this.#known?.get(`${service} ${name}`);
    const at = found ?? this.#history.find(name)?.record.timestamp ?? record.timestamp;
    this.#agenda.add({ at, service, order: known?.order, happen: () => this.#apply(desk, input, known, tried) });
  }

  #deskOf(service: ServiceName): Desk | undefined {
    return this.#desks.get(service);
  }
}
