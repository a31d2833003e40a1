import type { Profiler } from 'node:inspector';

/** What a piece of time was spent on, in the order of the table. */
export const causes = [
  'socket writes',
  'PostgreSQL client',
  'Kafka client',
  'HTTP',
  'department runtime',
  'contracts, values',
  'department itself',
  'telemetry',
  'Node: sockets, timers, promises',
  'garbage collection',
  'native code',
] as const;
export type Cause = (typeof causes)[number];

const writes = new Set(['writev', 'writeBuffer', 'writeUtf8String', 'writeLatin1String', 'writeAsciiString', 'shutdown']);

const byPlace: readonly (readonly [RegExp, Cause])[] = [
  [/node_modules\/(pg|pg-[^/]+|postgres-[^/]+|typeorm)\/|packages\/postgres\//, 'PostgreSQL client'],
  [/node_modules\/kafkajs\/|packages\/event-log(-kafka)?\//, 'Kafka client'],
  [/packages\/telemetry\/|node_modules\/(@opentelemetry|pino|prom-client)/, 'telemetry'],
  [/packages\/(contracts|values)\/|node_modules\/typebox\//, 'contracts, values'],
  [/packages\/(department|decider)\//, 'department runtime'],
  [
    /^node:_http|node:internal\/http|node_modules\/(fastify|@fastify|@nestjs|find-my-way|light-my-request|rxjs)|packages\/service-host\//,
    'HTTP',
  ],
  [/apps\//, 'department itself'],
];

/** Share of each cause in the time that a process was busy (0 to 1, adding up to 1). */
export function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ReadonlyMap<Cause, number> {
  const parents = new Map<number, Profiler.ProfileNode>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node);
  const causeById = new Map<number, Cause | undefined>(nodes.map((node) => [node.id, causeOf(node, parents)]));
  const spent = new Map<Cause, number>();
  samples.forEach((id, at) => {
    const cause = byId.has(id) ? causeById.get(id) : undefined;
    if (cause !== undefined) spent.set(cause, (spent.get(cause) ?? 0) + (timeDeltas[at] ?? 0));
  });
  const busy = [...spent.values()].reduce((sum, each) => sum + each, 0);
  return new Map([...spent].map(([cause, time]) => [cause, time / busy]));
}

/** Undefined for idle time and for the sampling itself. Code of Node's own counts for whoever called it, as far as the stack tells. */
function causeOf(node: Profiler.ProfileNode, parents: ReadonlyMap<number, Profiler.ProfileNode>): Cause | undefined {
  const { functionName } = node.callFrame;
  if (functionName === '(idle)' || functionName === '(root)') return undefined;
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'native code';
  if (writes.has(functionName)) return 'socket writes';
  for (let at: Profiler.ProfileNode | undefined = node; at; at = parents.get(at.id)) {
    const { url } = at.callFrame;
    if (url.includes('/bench/')) return undefined;
    const found = byPlace.find(([place]) => place.test(url));
    if (found) return found[1];
  }
  return 'Node: sockets, timers, promises';
}
