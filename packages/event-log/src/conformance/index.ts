export type { ConformanceTopic } from './conformance-topic.ts';
export { describeEventLog, type MakeEventLog } from './describe-event-log.ts';
export { describeLogReader, type LogReaderUnderTest } from './describe-reading.ts';
