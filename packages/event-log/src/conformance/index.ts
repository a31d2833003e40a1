export { describeEventLog, type ConformanceTopic, type MakeEventLog } from './describe-event-log.ts';
