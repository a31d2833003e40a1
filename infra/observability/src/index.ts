export type { Span } from './spans/span.ts';
export { startSpanReceiver, type SpanReceiver } from './spans/span-receiver.ts';
export { spanTree } from './spans/span-tree.ts';
export { alertRules, dashboards, metricNamesIn, type AlertRule, type Dashboard } from './files/index.ts';
