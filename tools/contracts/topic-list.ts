import { events, topics } from '@instep/contracts';
import type { TopicDefinition } from '@instep/contracts';

const all: readonly TopicDefinition[] = Object.values(topics);

/** The topics as data, for whoever creates them elsewhere. */
export function topicList(): string {
  return `${JSON.stringify(all, null, 2)}\n`;
}

export function topicTable(): string {
  const rows = all.map(({ name, owner, partitions, readers, sequenced, meaning }) => {
    const count = events.filter((event) => event.topic === name).length;
    return `| \`${name}\` | ${owner} | ${readers?.join(', ') ?? 'all'} | ${partitions} | ${sequenced ? 'yes' : 'no'} | ${count} | ${meaning} |`;
  });
  return [
    '# Topics',
    '',
    'Generated from the contracts by `npm run docs`. All are kept for ever and never compacted; only the owner may write.',
    '',
    '| topic | owner | readers | partitions | numbered | event types | meaning |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
