export { exportLog } from './export-log.ts';
export { openLakeLog, type LakeLog, type LakeLogSettings } from './lake-log.ts';
export { LakeFault } from '../fault.ts';
export { publish, replaceFile } from '../manifest/durable.ts';
export type { LakeFile } from '../manifest/lake-file.ts';
export { hiddenFields, isAboutPerson } from '../personal/hidden-fields.ts';
export { recordReveal } from '../personal/reveals.ts';
export { momentOf } from '../row-history/as-of-views.ts';
export { readEnvelope, type Envelope } from '../record/envelope.ts';
