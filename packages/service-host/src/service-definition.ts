import type { ServiceName } from '@instep/contracts';
import type { DepartmentDefinition } from '@instep/department';
import type { Invariant } from '@instep/postgres';
import type { Type } from '@nestjs/common';
import type { EntitySchema, MigrationInterface } from 'typeorm';

import type { RefusalStatuses } from './http/problem.ts';
import type { Settings, SettingsOf } from './settings.ts';

/** All that the host must know of a service. */
export interface ServiceDefinition<S extends Settings = Settings> {
  readonly name: ServiceName;
  /** Default of `PORT`. */
  readonly port: number;
  readonly definition: DepartmentDefinition | ((settings: SettingsOf<S>) => DepartmentDefinition);
  /** The Nest module with the controllers. */
  readonly module: Type<unknown>;
  readonly entities: readonly EntitySchema<object>[];
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** What must hold in its tables, besides what holds in every department. */
  readonly invariants?: readonly Invariant[];
  readonly problems?: RefusalStatuses;
  readonly settings?: S;
}

type NoSettings = Readonly<Record<string, never>>;

/** Types the parts of a service against each other. */
export function defineService<S extends Settings = NoSettings>(service: ServiceDefinition<S>): ServiceDefinition<S> {
  return service;
}

/** What the department is, given the settings. */
export function departmentOf<S extends Settings>({ definition }: ServiceDefinition<S>, settings: SettingsOf<S>): DepartmentDefinition {
  return typeof definition === 'function' ? definition(settings) : definition;
}
