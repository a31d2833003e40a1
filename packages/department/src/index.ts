export type { IncomingEvent } from './incoming-event.ts';
export type { Cell, Row, RowKey, Table } from './table.ts';
export type { AnyTable, AnyView, Journal, Projection, StateTable, View, ViewFold } from './projection.ts';
export { journal, stateTable, view } from './projection.ts';
export type { AnyReaction, Reaction, ViewReader } from './reaction.ts';
export { reaction } from './reaction.ts';
export type { DepartmentDefinition } from './department-definition.ts';
export type {
  AnsweredRequest,
  Inspection,
  Loaded,
  LoadRequest,
  OutboxEvent,
  OutboxLease,
  OutboxRow,
  OutboxStore,
  ParkedRecord,
  ParkedStore,
  Position,
  RelayLedger,
  RowWrite,
  Store,
  StoredStream,
  StreamKey,
  UnitOfWork,
} from './store.ts';
export { RowRejected, StoreConflict, StoreReplaced, StoreUnavailable } from './faults.ts';
export type {
  CounterName,
  Department,
  DepartmentStatus,
  Outcome,
  PartitionStatus,
  RecordedEvent,
  Rehearsal,
  RequestContext,
} from './department.ts';
export { RequestConflict } from './department.ts';
export { inMemoryStore, type InMemoryStore, type InMemoryStoreSettings } from './in-memory/index.ts';
export type { AppliedRecord, Clock, Ids, RuntimeLog, UnitDone, UnitObserver } from './ports.ts';
export { systemClock, systemIds } from './system-ports.ts';
export type { DepartmentParts } from './create-department.ts';
export { createDepartment, ownTopics } from './create-department.ts';
export { DatabaseBehindLog } from './compare-with-log.ts';
export type { TrustedDatabaseParts } from './trusted-database.ts';
export { compareWithLog } from './trusted-database.ts';
export type { Rebuild, RebuildParts } from './rebuild/rebuild.ts';
export { rebuild } from './rebuild/rebuild.ts';
export { LogIncomplete } from './rebuild/log-reading.ts';
export type { FoldState, OrderedFoldParts, RowVersion } from './rebuild/ordered-fold.ts';
export { OrderedFold } from './rebuild/ordered-fold.ts';
export { ParkStory } from './rebuild/park-story.ts';
export type { ViewBuild, ViewBuildParts } from './rebuild/view-build.ts';
export { viewBuild } from './rebuild/view-build.ts';
export { placeOf as placeInSequence } from './place-in-sequence.ts';
export { saysDeadLetter, saysRedriven } from './runtime-streams.ts';
export type { CatchUpParts, CaughtUp } from './rebuild/catch-up.ts';
export { catchUp } from './rebuild/catch-up.ts';
export type { RowFacts } from './row-facts.ts';
export { rowFacts } from './row-facts.ts';
export type { Mend } from './mended-record.ts';
export type { DepartmentOnStore, DepartmentOnStoreParts } from './department-on-store.ts';
export { departmentOnStore } from './department-on-store.ts';
