import { serviceNames, topics, type ServiceName, type TopicDefinition } from '@instep/contracts';

import { badInput } from './fault.ts';

export const allTopics: readonly TopicDefinition[] = Object.values(topics);

/** A text with `*` for anything, as a test. */
export function wildcard(pattern: string): (text: string) => boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}

/** Topics of the contracts that one of the patterns names; all when there are none. Throws a fault for a pattern that names none. */
export function topicsNamed(patterns: readonly string[]): readonly TopicDefinition[] {
  if (patterns.length === 0) return allTopics;
  for (const pattern of patterns) {
    if (!allTopics.some(({ name }) => wildcard(pattern)(name)))
      throw badInput(`There is no topic "${pattern}": there are ${allTopics.map(({ name }) => name).join(', ')}.`);
  }
  return allTopics.filter(({ name }) => patterns.some((pattern) => wildcard(pattern)(name)));
}

export function serviceNamed(text: string): ServiceName {
  const name = serviceNames.find((known) => known === text);
  if (!name) throw badInput(`There is no service "${text}": there are ${serviceNames.join(', ')}.`);
  return name;
}
