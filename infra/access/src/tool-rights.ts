import { serviceNames, topics, type TopicDefinition } from '@instep/contracts';

import { accessOf } from './access-of.ts';
import type { Right } from './rights-of.ts';

/** What is not a service and reads the log all the same: the exporter of the lake, the operator's tool, a console. None of them writes. */
export const tools = ['lake', 'operator', 'console'] as const;

export type Tool = (typeof tools)[number];

/** Topics that whoever looks at the whole log may read: those whose contract names no readers. */
export function openTopics(): readonly string[] {
  const all: readonly TopicDefinition[] = Object.values(topics);
  return all.flatMap(({ name, readers }) => (readers ? [] : [name]));
}

/** Of those, the ones that can be checked with what they follow from: their owner listens to open topics only. */
export function topicsWithOpenCauses(): readonly string[] {
  const open = openTopics();
  const all: readonly TopicDefinition[] = Object.values(topics);
  return all.flatMap(({ name, owner }) =>
    open.includes(name) && accessOf(owner).listen.every((cause) => open.includes(cause)) ? [name] : [],
  );
}

/** Reading what is open. Who also looks after consumers may see how far each group is. */
export function rightsOfTool(tool: Tool): readonly Right[] {
  const toRead = openTopics().flatMap((name): Right[] => [
    { resource: 'topic', name, operation: 'Read' },
    { resource: 'topic', name, operation: 'DescribeConfigs' },
  ]);
  const groups = tool === 'lake' ? [] : serviceNames.map((service) => accessOf(service).group);
  return [...toRead, ...groups.map((name): Right => ({ resource: 'group', name, operation: 'Describe' }))];
}
