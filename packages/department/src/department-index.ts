import { findEvent } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

import type { DepartmentDefinition } from './department-definition.ts';
import type { IncomingEvent } from './incoming-event.ts';
import type { AnyStateTable, AnyTable, AnyView } from './projection.ts';
import type { Reaction } from './reaction.ts';
import { parkedKeyStream, positionStream } from './runtime-streams.ts';
import type { Row, RowKey } from './table.ts';

type LooseStream = StreamDefinition<unknown>;

interface LooseView {
  readonly table: AnyTable;
  readonly fold: {
    keys(event: IncomingEvent): readonly RowKey[];
    fold(row: Row | undefined, event: IncomingEvent, key: RowKey): Row | undefined;
  };
}

interface LooseJournal {
  readonly table: AnyTable;
  readonly rows: (event: IncomingEvent) => readonly Row[];
}

/** A definition, indexed by what the runtime looks things up with. The types of single events are forgotten here and only here. */
export interface DepartmentIndex {
  readonly definition: DepartmentDefinition;
  readonly streams: ReadonlyMap<string, LooseStream>;
  /** Kinds of streams that events of other streams also change. */
  readonly touched: readonly LooseStream[];
  readonly stateTables: ReadonlyMap<string, readonly AnyStateTable[]>;
  readonly views: ReadonlyMap<string, readonly LooseView[]>;
  readonly journals: ReadonlyMap<string, readonly LooseJournal[]>;
  readonly reactions: ReadonlyMap<string, readonly Reaction[]>;
  /** Types of other owners' events that anybody here listens to. */
  readonly subscribed: ReadonlySet<string>;
  readonly viewTables: ReadonlyMap<AnyView, AnyTable>;
}

/** Throws an Error that names the mistake when the parts of a definition do not fit together. */
export function indexDepartment(definition: DepartmentDefinition): DepartmentIndex {
  const streams = new Map<string, LooseStream>();
  for (const stream of [
    ...(definition.streams as unknown as readonly LooseStream[]),
    positionStream as LooseStream,
    parkedKeyStream as LooseStream,
  ]) {
    if (streams.has(stream.name)) throw new Error(`${definition.service} defines the stream "${stream.name}" twice`);
    streams.set(stream.name, stream);
  }
  const stateTables = new Map<string, AnyStateTable[]>();
  const views = new Map<string, LooseView[]>();
  const journals = new Map<string, LooseJournal[]>();
  const viewTables = new Map<AnyView, AnyTable>();
  for (const projection of definition.projections) {
    if (projection.kind === 'state') {
      const { table, stream } = projection;
      if (!streams.has(stream.name))
        throw new Error(`table "${table.name}" shows the stream "${stream.name}", which ${definition.service} lacks`);
      push(stateTables, stream.name, projection);
    } else if (projection.kind === 'view') {
      viewTables.set(projection, projection.table);
      for (const [type, fold] of Object.entries(projection.on)) {
        push(views, known(type), { table: projection.table, fold: fold });
      }
    } else {
      for (const [type, rows] of Object.entries(projection.on)) {
        push(journals, known(type), { table: projection.table, rows: rows as unknown as LooseJournal['rows'] });
      }
    }
  }
  const reactions = new Map<string, Reaction[]>();
  for (const reaction of definition.reactions) push(reactions, known(reaction.on), reaction as unknown as Reaction);

  const subscribed = subscribedTypes(definition, [...views.keys(), ...journals.keys(), ...reactions.keys()]);
  const touched = [...streams.values()].filter((stream) => stream.touchedBy !== undefined);
  return { definition, streams, touched, stateTables, views, journals, reactions, subscribed, viewTables };
}

/** Types of the topics listened to. Own events are not among them unless the own topic is listened to (a raw topic of the edge). */
function subscribedTypes(definition: DepartmentDefinition, types: readonly string[]): ReadonlySet<string> {
  const subscribed = new Set<string>();
  for (const type of types) {
    const event = findEvent(type);
    if (!event) continue;
    if (definition.topics.includes(event.topic)) subscribed.add(type);
    else if (event.owner !== definition.service)
      throw new Error(`${definition.service} reacts to "${type}" but does not listen to the topic "${event.topic}"`);
  }
  return subscribed;
}

function known(type: string): string {
  if (!findEvent(type)) throw new Error(`no contract names the event "${type}"`);
  return type;
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
