export { checkHistory, type HistoryOptions } from './check/check-history.ts';
export type { NumberCounter } from './check/compare-counters.ts';
export type { Finding, FindingCode } from './check/finding.ts';
export type { HistoryReport, PartitionHistory } from './check/history-report.ts';
export { offsetAt } from './check/offset-at.ts';
export { sharedStreams } from './check/shared-streams.ts';
export type { StoryNode } from './story/causal-order.ts';
export type { StoryEvent } from './story/story-event.ts';
export { story, type Story, type StoryQuery } from './story/tell-story.ts';
