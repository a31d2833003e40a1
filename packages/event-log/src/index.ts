export type { LogRecord, NewRecord, Sequence, TopicPartition } from './record.ts';
export type { Consumption, EventLog, PartitionBounds, Slice, SliceAnswer, Subscription } from './event-log.ts';
export type { LogReader } from './reading/log-reader.ts';
export { cutAt, endOfLog, type Cut } from './reading/cut.ts';
export { continuedBy } from './reading/continued-by.ts';
export { withRests } from './reading/with-rests.ts';
export { LogUnavailable, OffsetOutOfRange, RecordTooLarge, UnknownTopic } from './faults.ts';
export { murmur2, partitionOfKey } from './partition-of-key.ts';
export { inMemoryLog, type InMemoryLog, type InMemoryLogSettings, type Scheduler } from './in-memory/index.ts';
