export { openLakeLog, type LakeLog, type LakeLogSettings } from './lake-log.ts';
