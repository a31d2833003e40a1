import type { CloudEvent } from '@instep/contracts';
import type { Command, Decided, Reader, Refusal, StreamDefinition } from '@instep/decider';
import type { LogRecord } from '@instep/event-log';
import { receivedTracestate } from '@instep/telemetry';

import type { RecordedEvent } from './department.ts';
import type { DepartmentIndex } from './department-index.ts';
import type { IncomingEvent } from './incoming-event.ts';
import type { Clock, Ids } from './ports.ts';
import { prepareRecord, unfitness } from './prepare-record.ts';
import type { AnyView } from './projection.ts';
import type { ViewReader } from './reaction.ts';
import { incoming, lastOfCause, stampEvent } from './stamp-event.ts';
import type { Cause } from './stamp-event.ts';
import type { AnsweredRequest, OutboxEvent, ParkedRecord, RowWrite } from './store.ts';
import type { Row, RowKey } from './table.ts';
import { parkedKeyStream, runtimeTenant } from './runtime-streams.ts';
import type { RecordEnd, RecordItem, RequestEnd, RequestItem } from './work-items.ts';
import { RequestConflict } from './department.ts';
import type { WorkMark, WorkSet } from './work-set.ts';

type LooseStream = StreamDefinition<unknown>;
type JournalWrite = Extract<RowWrite, { kind: 'journal' }>;
type Decision = { readonly refused: Refusal } | { readonly events: readonly RecordedEvent[] };

interface PassMark {
  readonly work: WorkMark;
  readonly outbox: number;
  readonly journal: number;
  readonly accepted: number;
  readonly refused: number;
}

/** Thrown inside a pass when something is not loaded yet: the item is left for the next pass. */
const notLoaded = Symbol('not loaded');

export interface PassContext {
  readonly index: DepartmentIndex;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly work: WorkSet;
  /** `<topic>\0<key>` of keys that are parked. */
  readonly parkedKeys: ReadonlySet<string>;
  readonly requests: ReadonlyMap<string, AnsweredRequest>;
}

/**
 * One pass over the items of a unit of work, in memory: folds views, asks reactions, decides, evolves, stamps. What one record did is taken
 * back whole when it turns out to be a defect. A pass in which something was not loaded is thrown away and done again; it only serves to
 * find out what to load.
 */
export class DecisionPass {
  readonly outbox: OutboxEvent[] = [];
  readonly journal: JournalWrite[] = [];
  readonly parked: ParkedRecord[] = [];
  readonly answered: (AnsweredRequest & { readonly tenant: string })[] = [];
  /** Furthest input that caused an event, per `<topic>/<partition>`. */
  readonly causedBy = new Map<string, number>();
  accepted = 0;
  refused = 0;
  readonly #newlyParked = new Set<string>();
  readonly #answers = new Map<string, AnsweredRequest>();
  readonly #context: PassContext;
  readonly #recordedTime: string;
  readonly #now: number;

  constructor(context: PassContext) {
    this.#context = context;
    this.#now = context.clock.now();
    this.#recordedTime = new Date(this.#now).toISOString();
  }

  record(item: RecordItem): RecordEnd {
    const { record } = item;
    const name = record.topic + '\u0000' + record.key;
    if (item.redriven === undefined && (this.#context.parkedKeys.has(name) || this.#newlyParked.has(name))) {
      return this.#park(item, 'follows', 'an earlier record of this key is parked');
    }
    const prepared = prepareRecord(this.#context.index, item);
    if (prepared.kind === 'skip' && item.redriven === undefined) return { kind: 'skipped' };
    if (prepared.kind === 'unfit') return this.#park(item, prepared.code, prepared.reason);
    const back = this.#mark();
    try {
      if (prepared.kind === 'event') this.#apply(prepared, item.decided === true);
      if (item.redriven !== undefined) this.#sayRedriven(item);
      if (this.outbox.length > back.outbox) {
        this.causedBy.set(`${record.topic}/${String(record.partition)}`, record.offset);
        this.#markLast(this.outbox.length - back.outbox);
      }
      return { kind: 'applied' };
    } catch (error) {
      if (error === notLoaded) return { kind: 'applied' };
      this.#takeBack(back);
      const { code, reason } = unfitness(error);
      return this.#park(item, code, reason);
    }
  }

  request({ command, request, internal }: RequestItem): RequestEnd {
    const name = request.tenant + '\u0000' + request.idempotencyKey;
    const earlier = this.#answers.get(name) ?? this.#context.requests.get(name);
    if (earlier) {
      if (earlier.hash !== request.requestHash) {
        return {
          kind: 'failed',
          error: new RequestConflict('this Idempotency-Key was used for a request with other content; use a new key'),
        };
      }
      return {
        kind: 'answered',
        outcome: { ...(JSON.parse(earlier.answer) as { kind: 'done'; events: RecordedEvent[] }), replayed: true },
      };
    }
    const back = this.#mark();
    try {
      const cause: Cause = {
        tenant: request.tenant,
        correlationId: request.correlationId ?? request.idempotencyKey,
        causationId: internal ? request.idempotencyKey : `request/${request.idempotencyKey}/${request.requestHash}`,
        causePosition: undefined,
        actor: request.actor,
        traceparent: request.traceparent,
        tracestate: internal ? undefined : receivedTracestate(this.#now),
        time: request.time ?? this.#recordedTime,
      };
      const decision = this.#decide(command, cause);
      const outcome =
        'refused' in decision
          ? { kind: 'refused' as const, refusal: decision.refused }
          : { kind: 'done' as const, events: decision.events };
      if (internal) return { kind: 'answered', outcome: { ...outcome, replayed: false } };
      const answer = { key: request.idempotencyKey, hash: request.requestHash, answer: JSON.stringify(outcome) };
      this.#answers.set(name, answer);
      this.answered.push({ tenant: request.tenant, ...answer });
      return { kind: 'answered', outcome: { ...outcome, replayed: false } };
    } catch (error) {
      if (error === notLoaded) return { kind: 'failed', error: new Error('not loaded') };
      this.#takeBack(back);
      return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
    }
  }

  /** Rows of the state tables that came out differently from what was loaded. */
  stateRows(): Extract<RowWrite, { kind: 'state' }>[] {
    const { index, work } = this.#context;
    return work.changedStreams().flatMap(({ tenant, stream, id, version, state, loadedVersion, loadedState }) =>
      (index.stateTables.get(stream) ?? []).flatMap(({ table, rows }) => {
        const before = loadedVersion === 0 ? [] : rows(loadedState, { tenant, id, version: loadedVersion });
        const after = rows(state, { tenant, id, version });
        return after
          .filter((row) => !before.some((each) => sameRow(each, row)))
          .map((row) => ({ kind: 'state' as const, table: table.name, row }));
      }),
    );
  }

  #apply(prepared: Extract<RecordItem['prepared'], { kind: 'event' }>, decided: boolean): void {
    const { event, cause } = prepared;
    let complete = this.#foldViews(event);
    this.#writeJournals(event);
    for (const command of decided ? [] : this.#commands(prepared, complete)) {
      if (this.#decideOrMiss(command, cause) === notLoaded) complete = false;
    }
    if (!complete) throw notLoaded;
  }

  #foldViews(event: IncomingEvent): boolean {
    const { index, work } = this.#context;
    let complete = true;
    for (const { table, fold } of index.views.get(event.type) ?? []) {
      for (const key of fold.keys(event)) {
        const row = work.row(table, key);
        if (row === 'missing') {
          complete = false;
          continue;
        }
        const after = fold.fold(row, event, key);
        if (after !== undefined && after !== row) work.setRow(table, key, after);
      }
    }
    return complete;
  }

  #writeJournals(event: IncomingEvent): void {
    for (const { table, rows } of this.#context.index.journals.get(event.type) ?? []) {
      for (const row of rows(event)) this.journal.push({ kind: 'journal', table: table.name, row });
    }
  }

  /** Reactions that read views wait until these are loaded; the others are asked once and remembered. */
  #commands(prepared: Extract<RecordItem['prepared'], { kind: 'event' }>, viewsLoaded: boolean): readonly Command[] {
    const reactions = this.#context.index.reactions.get(prepared.event.type) ?? [];
    const commands: Command[] = [];
    prepared.commands ??= reactions
      .filter((reaction) => !reaction.views)
      .flatMap((reaction) => reaction.commands(prepared.event as never, noViews));
    commands.push(...prepared.commands);
    for (const reaction of reactions) {
      if (!reaction.views) continue;
      if (viewsLoaded) commands.push(...reaction.commands(prepared.event, this.#views));
      else for (const ref of reaction.preload?.(prepared.event) ?? []) this.#context.work.stream(ref.stream, prepared.event.tenant, ref.id);
    }
    return commands;
  }

  readonly #views: ViewReader = {
    row: <R extends Row>(view: unknown, key: RowKey): R | undefined => {
      const table = this.#context.index.viewTables.get(view as AnyView);
      if (!table) throw new Error('a reaction reads a view that its department does not list');
      const row = this.#context.work.row(table, key);
      if (row === 'missing') throw notLoaded;
      return row as R | undefined;
    },
  };

  #decideOrMiss(command: Command, cause: Cause): Decision | typeof notLoaded {
    try {
      return this.#decide(command, cause);
    } catch (error) {
      if (error === notLoaded) return notLoaded;
      throw error;
    }
  }

  #decide({ command, data }: Command, cause: Cause): Decision {
    const { work } = this.#context;
    const named = new Set<string>();
    const read: Reader = {
      state: <State>(stream: { readonly name: string }, id: string): State => {
        if (!named.has(`${stream.name}/${id}`)) throw new Error(`"${command.name}" reads ${stream.name}/${id} but did not name it`);
        return this.#loaded(stream as LooseStream, cause.tenant, id).state as State;
      },
      version: (stream, id) => this.#loaded(stream, cause.tenant, id).version,
      has: (stream, id) => named.has(`${stream.name}/${id}`) && work.hasStream(stream, cause.tenant, id),
    };
    let complete = true;
    for (let size = -1; size < named.size && complete;) {
      size = named.size;
      for (const ref of command.streams(data, read)) {
        named.add(`${ref.stream.name}/${ref.id}`);
        if (!work.stream(ref.stream, cause.tenant, ref.id)) complete = false;
      }
    }
    if (!complete) throw notLoaded;
    const decision = command.decide(data, read, { tenant: cause.tenant, time: cause.time });
    if ('refused' in decision) {
      this.refused += 1;
      return decision;
    }
    this.accepted += 1;
    return { events: decision.events.map((decided) => this.#recordEvent(decided, cause, named)) };
  }

  #loaded(stream: LooseStream, tenant: string, id: string): { readonly version: number; readonly state: unknown } {
    const entry = this.#context.work.stream(stream, tenant, id);
    if (!entry) throw notLoaded;
    return entry;
  }

  #recordEvent(decided: Decided, cause: Cause, named: ReadonlySet<string>): RecordedEvent {
    const { index, ids } = this.#context;
    const own = index.streams.get(decided.stream);
    if (!own) throw new Error(`${index.definition.service} has no stream "${decided.stream}"`);
    const version = this.#evolve(own, cause.tenant, decided.id, decided, named);
    for (const kind of index.touched) {
      for (const id of kind.touchedBy?.(decided.event) ?? []) {
        if (kind !== own || id !== decided.id) this.#evolve(kind, cause.tenant, id, decided, named);
      }
    }
    const { outbox, event } = stampEvent(index.definition.service, decided, version, cause, ids.next(), this.#recordedTime);
    this.outbox.push(outbox);
    this.#writeOwnJournals(event);
    return { id: event.id, type: event.type, stream: decided.stream, streamId: decided.id, version };
  }

  #writeOwnJournals(event: CloudEvent): void {
    if (this.#context.index.journals.has(event.type)) this.#writeJournals(incoming(event));
  }

  #evolve(kind: LooseStream, tenant: string, id: string, decided: Decided, named: ReadonlySet<string>): number {
    if (!named.has(`${kind.name}/${id}`))
      throw new Error(`"${decided.event.type}" changes ${kind.name}/${id}, which its command did not name`);
    const { state } = this.#loaded(kind, tenant, id);
    return this.#context.work.setStream(kind, tenant, id, kind.evolve(state, decided.event, id));
  }

  #park({ record, redriven }: RecordItem, code: string, reason: string): RecordEnd {
    if (redriven === undefined) {
      this.#newlyParked.add(record.topic + '\u0000' + record.key);
      this.parked.push({
        consumer: this.#context.index.definition.consumer,
        topic: record.topic,
        partition: record.partition,
        offset: record.offset,
        key: record.key,
        type: record.type ?? null,
        sequence: record.sequence ? { epoch: record.sequence.epoch, n: record.sequence.n } : null,
        value: record.value,
        code,
        reason,
        parkedAt: this.#now,
      });
      this.#copyToDeadLetters(record, code, reason);
    }
    return { kind: 'parked', code, reason };
  }

  /** Followers too: from these copies people see what waits, and a rebuild knows what is parked. */
  #copyToDeadLetters(record: LogRecord, code: string, reason: string): void {
    const back = this.#mark();
    try {
      this.#recordOfPark(record, 'dead-letter', { code, reason });
    } catch (error) {
      if (error !== notLoaded) this.#takeBack(back);
    }
  }

  /** With what the record led to, so that the log never tells one without the other. */
  #sayRedriven({ record, note }: RecordItem): void {
    this.#recordOfPark(record, 'redriven', note === undefined ? {} : { note });
  }

  /** With the record's bytes, or without them when its topic does not take so much: the record itself lies in the log. */
  #recordOfPark(record: LogRecord, what: 'dead-letter' | 'redriven', story: object): void {
    const value = record.value.toString('base64');
    const back = this.#mark();
    try {
      this.#recordParkEvent(record, what, { ...story, value });
    } catch (error) {
      if (error === notLoaded || value === '') throw error;
      this.#takeBack(back);
      this.#recordParkEvent(record, what, { ...story, value: '' });
    }
  }

  #recordParkEvent(record: LogRecord, what: 'dead-letter' | 'redriven', story: object): void {
    const { definition } = this.#context.index;
    const slash = record.key.indexOf('/');
    const tenant = slash > 0 ? record.key.slice(0, slash) : runtimeTenant;
    const id = `${record.topic}/${record.key.slice(slash + 1)}`;
    const { topic, partition, offset, key } = record;
    const data = { topic, partition, offset, key, type: record.type ?? null, ...story };
    const cause: Cause = {
      tenant,
      correlationId: `${topic}/${String(partition)}/${String(offset)}`,
      causationId: `${topic}/${String(partition)}/${String(offset)}`,
      causePosition: `${topic}/${String(partition)}/${String(offset)}`,
      actor: `system/${definition.service}`,
      traceparent: undefined,
      tracestate: undefined,
      time: this.#recordedTime,
    };
    const decided = { stream: parkedKeyStream.name, id, event: { type: `${definition.service}.${what}`, data } };
    this.#recordEvent(decided, cause, new Set([`${parkedKeyStream.name}/${id}`]));
  }

  #markLast(count: number): void {
    const last = this.outbox.pop();
    if (last) this.outbox.push(lastOfCause(last, count));
  }

  #mark(): PassMark {
    return {
      work: this.#context.work.mark(),
      outbox: this.outbox.length,
      journal: this.journal.length,
      accepted: this.accepted,
      refused: this.refused,
    };
  }

  #takeBack(mark: PassMark): void {
    this.#context.work.takeBack(mark.work);
    this.outbox.length = mark.outbox;
    this.journal.length = mark.journal;
    this.accepted = mark.accepted;
    this.refused = mark.refused;
  }
}

function sameRow(a: Row, b: Row): boolean {
  return Object.keys(b).every((property) => a[property] === b[property]);
}

const noViews: ViewReader = {
  row: () => {
    throw new Error('this reaction reads views but does not list them');
  },
};
