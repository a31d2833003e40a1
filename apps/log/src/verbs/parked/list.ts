import { story } from '@instep/history';

import { exitCodes, type ExitCode } from '../../fault.ts';
import { serviceNamed } from '../../names.ts';
import type { Column } from '../../output/output.ts';
import type { ToolContext } from '../../tool-context.ts';
import { showStory } from '../story.ts';
import { groupsOf, type Group } from './groups.ts';
import { checkedTopic, notParked, select, type Parked, type Selection } from './select.ts';
import { minute, plural, short } from './words.ts';

const COLUMNS: readonly Column<Parked>[] = [
  { head: 'service', value: ({ service }) => service },
  { head: 'topic', value: ({ topic }) => topic },
  { head: 'key', value: ({ key }) => key },
  { head: 'waiting', right: true, value: ({ records }) => records },
  { head: 'since', value: ({ first }) => minute(first.parkedAt) },
  { head: 'type', value: ({ first }) => first.type ?? '?' },
  { head: 'cause', value: ({ first }) => first.code },
  { head: 'reason', value: ({ first }) => short(first.reason) },
];

const GROUP_COLUMNS: readonly Column<Group>[] = [
  { head: 'service', value: ({ service }) => service },
  { head: 'cause', value: ({ code }) => code },
  { head: 'keys', right: true, value: ({ keys }) => keys },
  { head: 'waiting', right: true, value: ({ records }) => records },
  { head: 'since', value: ({ oldest }) => minute(oldest) },
  { head: 'reason', value: ({ reason }) => short(reason) },
  { head: 'for example', value: ({ example }) => example },
];

/** Keys that stand still in all services. Ends with 0 also when there are some: they are a fact, not a fault of the tool. */
export async function parkedList(context: ToolContext, selection: Selection, group: boolean): Promise<ExitCode> {
  const { output } = context;
  const { keys, beyond, unseen } = await select(context, selection);
  if (group) {
    const groups = groupsOf(keys);
    output.json({ groups, unseen });
    output.rows(GROUP_COLUMNS, groups);
  } else {
    output.json({ keys, unseen });
    output.rows(COLUMNS, keys);
  }
  const records = keys.reduce((sum, key) => sum + key.records, 0);
  output.say(`\n${plural(keys.length, 'key')} parked, ${plural(records, 'record')} waiting.`, keys.length === 0 ? 'good' : 'bad');
  for (const line of [...beyond, ...unseen]) output.say(line, 'bad');
  return unseen.length > 0 ? exitCodes.unreachable : exitCodes.fine;
}

/** What waits under one key, why, and its story. */
export async function parkedShow(context: ToolContext, service: string, topic: string, key: string): Promise<ExitCode> {
  const { ground, output } = context;
  const records = await ground.service(serviceNamed(service)).parkedRecords(checkedTopic(topic), key);
  if (records.length === 0) throw notParked(service, topic, key);
  const told = await story(ground.log(), { id: key });
  output.json({ service, topic, key, records, story: told });
  output.rows(
    [
      { head: 'where', value: ({ partition, offset }) => `${topic}/${String(partition)}/${String(offset)}` },
      { head: 'type', value: ({ type }) => type ?? '?' },
      { head: 'since', value: ({ parkedAt }) => minute(parkedAt) },
      { head: 'cause', value: ({ code }) => code },
      { head: 'reason', value: ({ reason }) => short(reason) },
    ],
    records,
  );
  const [first] = records;
  if (first && output.format === 'table') output.say(`\nWhy the first one is parked:\n${indented(first.reason)}\n`);
  if (told.events.length > 0) showStory(output, told, false);
  return exitCodes.fine;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
