import { story, type Story, type StoryEvent, type StoryNode } from '@instep/history';

import { exitCodes, ToolFault, type ExitCode } from '../fault.ts';
import type { Column, Output } from '../output/output.ts';
import type { ToolContext } from '../tool-context.ts';
import { span } from '../when.ts';

export interface StoryOptions {
  readonly tenant?: string;
  readonly tree: boolean;
  readonly most: string;
}

interface Line {
  readonly event: StoryEvent;
  /** What shows the branch that the event hangs on. */
  readonly branch: string;
}

const COLUMNS: readonly Column<Line>[] = [
  { head: 'recorded', value: ({ event }) => clock(event.recordedTime) },
  { head: 'after', right: true, value: ({ event }) => (event.lagMs === undefined ? '' : span(event.lagMs)) },
  { head: 'event', value: ({ event, branch }) => `${branch}${event.type}` },
  { head: 'of', value: ({ event }) => `${event.subject}${event.version === undefined ? '' : ` v${String(event.version)}`}` },
  { head: 'what', value: ({ event }) => event.summary },
  { head: 'who', value: ({ event }) => event.who },
  { head: 'where', value: ({ event: { topic, partition, offset } }) => `${topic}/${String(partition)}/${String(offset)}` },
];

/** Everything that happened to one business key. Ends with 2 when the log does not know it. */
export async function storyVerb(context: ToolContext, id: string, options: StoryOptions): Promise<ExitCode> {
  const { ground, output } = context;
  const bar = context.progress('reading');
  let told: Story;
  try {
    told = await story(ground.log(), {
      id,
      most: Number(options.most),
      progress: bar.at,
      ...(options.tenant !== undefined && { tenant: options.tenant }),
    });
  } finally {
    bar.done();
  }
  if (told.tenants.length > 1)
    throw new ToolFault('log-tool/bad-input', `${told.tenants.join(' and ')} both know "${id}": say which with --tenant.`);
  if (told.events.length === 0)
    throw new ToolFault(
      'log-tool/nothing-there',
      `No event names "${id}". Ids are written as events have them, like sample:5000000001001.`,
    );
  output.json(told);
  showStory(output, told, options.tree);
  return exitCodes.fine;
}

/** The events as a table, in causal order or as trees. */
export function showStory(output: Output, told: Story, tree: boolean): void {
  const lines = tree ? told.roots.flatMap((node) => branches(node)) : told.events.map((event) => ({ event, branch: '' }));
  output.rows(COLUMNS, lines);
  const places = new Set(told.events.map(({ topic }) => topic));
  const [first, last] = [told.events.at(0), told.events.at(-1)];
  const took = first && last ? Date.parse(last.recordedTime) - Date.parse(first.recordedTime) : 0;
  output.say(`\n${String(told.events.length)} events in ${String(places.size)} topics over ${span(took)}.`, 'quiet');
  if (told.cut) output.say('There are more: --most says how many are told.', 'bad');
}

function branches({ event, effects }: StoryNode, lead = '', own = ''): readonly Line[] {
  const children = effects.flatMap((effect, at) => {
    const last = at === effects.length - 1;
    return branches(effect, `${lead}${last ? '  ' : '│ '}`, `${lead}${last ? '└ ' : '├ '}`);
  });
  return [{ event, branch: own }, ...children];
}

/** With the day only in the full documents of JSON and plain lines: on call, today is meant. */
function clock(time: string): string {
  return time.replace('T', ' ').replace('Z', '');
}
