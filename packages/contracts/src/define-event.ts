import type { Static, TSchema } from 'typebox';

import type { ServiceName } from './service.ts';
import { topics } from './topic.ts';
import type { TopicName } from './topic.ts';

/** One published version of one event: all that is derived (types, validation, topics, docs) comes from here. */
export interface EventDefinition<Name extends string = string, Version extends number = number, Schema extends TSchema = TSchema> {
  readonly name: Name;
  readonly version: Version;
  readonly owner: ServiceName;
  readonly topic: TopicName;
  /** The kind of stream it is recorded in. The stream's id is the second part of the record key. */
  readonly stream: string;
  /** One paragraph for a person of the business. */
  readonly meaning: string;
  readonly data: Schema;
  /** Data of this version as the next version spells it. Pure and total. Absent on the newest version. */
  readonly upcast?: (data: Static<Schema>) => object;
}

/**
 * Defines a version of an event. Once published, the version never changes (its hash is in `published.lock.json`):
 * another shape is a new version with an upcast from this one, another meaning is a new name.
 */
export function defineEvent<const Name extends string, const Version extends number, Schema extends TSchema>(
  definition: Omit<EventDefinition<Name, Version, Schema>, 'owner'>,
): EventDefinition<Name, Version, Schema> {
  return { ...definition, owner: topics[definition.topic].owner };
}
