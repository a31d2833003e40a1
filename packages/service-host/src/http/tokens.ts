/** Keys under which a controller gets its parts: `@Inject(DEPARTMENT)`. */
export const DEPARTMENT = Symbol('department');
/** TypeORM `DataSource` of the service's own database. */
export const DATA_SOURCE = Symbol('data source');
/** `EventLog`. */
export const LOG = Symbol('event log');
/** `HostConfig`. */
export const CONFIG = Symbol('host configuration');
/** Values of the service's own settings. */
export const SETTINGS = Symbol('settings');
/** `Logger` of pino. */
export const LOGGER = Symbol('logger');
/** `() => string`. */
export const IDS = Symbol('ids');
/** `() => Date`. */
export const CLOCK = Symbol('clock');
/** `Metrics`. */
export const METRICS = Symbol('metrics');
/** `Readiness`. */
export const READINESS = Symbol('readiness');
/** The OpenAPI document as JSON text. */
export const OPENAPI = Symbol('openapi document');
/** `ParkedStore` of the service. */
export const PARKED = Symbol('parked records');
/** Name of the consumer. */
export const CONSUMER = Symbol('consumer');
/** `Watching` of the invariants; undefined without a database. */
export const WATCHING = Symbol('watching of the invariants');
