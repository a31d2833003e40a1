import type { Span } from './span.ts';

interface Branch {
  readonly span: Span;
  readonly depth: number;
  /** What stands before the name, to draw the branch. */
  readonly trunk: string;
}

/** The spans of one trace as lines of a tree: offset and length in milliseconds, service, what, which event and stream. Oldest first. */
export function spanTree(spans: readonly Span[], traceId: string): readonly string[] {
  const own = spans.filter((span) => span.traceId === traceId);
  const ids = new Set(own.map(({ spanId }) => spanId));
  const roots = own.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId)).sort(byStart);
  const begin = Math.min(...own.map(({ startedAt }) => startedAt));
  const branches = roots.flatMap((root) => branchesOf(own, root, 0, '', ''));
  const width = Math.max(0, ...branches.map(({ span, trunk }) => trunk.length + span.service.length));
  return branches.map(({ span, trunk }) => {
    const at = (span.startedAt - begin).toFixed(1).padStart(8);
    const took = (span.endedAt - span.startedAt).toFixed(1).padStart(7);
    const waited = span.attributes['instep.waited_ms'];
    const what = [span.name, span.attributes['instep.event.type'], span.attributes['instep.stream.id']].filter(Boolean).join('  ');
    return `${at} ms ${took} ms  ${(trunk + span.service).padEnd(width)}  ${what}${waited === undefined ? '' : `  (${waited} ms in the log)`}`;
  });
}

function branchesOf(spans: readonly Span[], span: Span, depth: number, trunk: string, below: string): readonly Branch[] {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId).sort(byStart);
  return [
    { span, depth, trunk },
    ...children.flatMap((child, at) => {
      const last = at === children.length - 1;
      return branchesOf(spans, child, depth + 1, `${below}${last ? '└─ ' : '├─ '}`, `${below}${last ? '   ' : '│  '}`);
    }),
  ];
}

function byStart(a: Span, b: Span): number {
  return a.startedAt - b.startedAt || (a.spanId < b.spanId ? -1 : 1);
}
