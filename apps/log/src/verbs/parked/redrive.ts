import type { Mend, Redriven, Rehearsed, ServiceClient } from '../../adapters/services/service-client.ts';
import { badInput, exitCodes, ToolFault, type ExitCode } from '../../fault.ts';
import type { Column } from '../../output/output.ts';
import type { ToolContext } from '../../tool-context.ts';
import { notParked, select, type Parked, type Selection } from './select.ts';
import { plural, short } from './words.ts';

export interface RedriveOptions {
  readonly dryRun: boolean;
  readonly yes: boolean;
  /** In the place of the first record of the one key that is chosen. */
  readonly mend?: Mend;
}

interface Tried<Result> {
  readonly key: Parked;
  readonly result: Result;
}

/**
 * Applies parked records again, oldest key first, each key in order. Says first what would happen; goes on only with `yes` or an answer.
 * Ends with 1 when any of them could not be applied.
 */
export async function parkedRedrive(
  context: ToolContext,
  selection: Selection & { readonly key?: string },
  options: RedriveOptions,
): Promise<ExitCode> {
  const { output } = context;
  const { keys, beyond, unseen } = await select(context, selection);
  const chosen = keys.filter(({ key }) => selection.key === undefined || key === selection.key);
  if (unseen.length > 0) throw new ToolFault('log-tool/unreachable', unseen.join('\n'));
  if (chosen.length === 0) {
    if (selection.key !== undefined) throw notParked(selection.service.join(), selection.topic.join(), selection.key);
    throw new ToolFault('log-tool/nothing-there', 'Nothing that is parked fits: npm run log -- parked shows what there is.');
  }
  if (beyond.length > 0) throw badInput(`${beyond.join('\n')} Choose fewer with --service, --topic, --code or --since.`);
  const rehearsed = await inTurn(chosen, async (key) => ({
    key,
    result: await client(context, key).rehearse(key.topic, key.key, options.mend),
  }));
  const hopeless = rehearsed.filter(({ result }) => !result.applies).length;
  output.rows(REHEARSED_COLUMNS, rehearsed);
  const verdict = hopeless === 0 ? 'the first record of each would be applied now' : `${String(hopeless)} would fail again`;
  output.say(`\n${plural(chosen.length, 'key')}: ${verdict}.`);
  if (options.dryRun) {
    output.json(rehearsed.map(told));
    output.say('Nothing was changed.', 'quiet');
    return hopeless > 0 ? exitCodes.wrong : exitCodes.fine;
  }
  if (!options.yes && !(await context.ask(`Redrive ${plural(chosen.length, 'key')}?`)))
    throw new ToolFault('log-tool/refused', 'Nothing was changed. A redrive is done with --yes or when the question is answered with yes.');
  return redriveAll(context, chosen, options.mend);
}

async function redriveAll(context: ToolContext, keys: readonly Parked[], mend: Mend | undefined): Promise<ExitCode> {
  const { output } = context;
  const attempts = await inTurn(keys, async (key): Promise<Tried<Redriven>> => {
    try {
      return { key, result: await client(context, key).redrive(key.topic, key.key, mend) };
    } catch (error) {
      if (!(error instanceof ToolFault)) throw error;
      return { key, result: { applied: 0, left: key.records, reason: error.message } };
    }
  });
  output.json(attempts.map(told));
  output.rows(REDRIVEN_COLUMNS, attempts);
  const failed = attempts.filter(({ result: { applied, left } }) => left > 0 || applied === 0);
  const applied = attempts.reduce((sum, { result }) => sum + result.applied, 0);
  if (failed.length === 0) {
    output.say(`\n${plural(applied, 'record')} of ${plural(attempts.length, 'key')} applied; nothing of them is parked any more.`, 'good');
    return exitCodes.fine;
  }
  output.say(
    `\n${plural(applied, 'record')} applied, but ${String(failed.length)} of ${plural(attempts.length, 'key')} still stand still.`,
    'bad',
  );
  return exitCodes.wrong;
}

const keyColumns: readonly Column<Tried<unknown>>[] = [
  { head: 'service', value: ({ key }) => key.service },
  { head: 'topic', value: ({ key }) => key.topic },
  { head: 'key', value: ({ key }) => key.key },
  { head: 'waiting', right: true, value: ({ key }) => key.records },
];

const REHEARSED_COLUMNS: readonly Column<Tried<Rehearsed>>[] = [
  ...keyColumns,
  { head: 'the first one', value: ({ result }) => (result.applies ? 'would be applied' : 'would fail again') },
  { head: 'events', right: true, value: ({ result }) => result.events },
  { head: 'reason', value: ({ result }) => short(result.reason ?? '') },
];

const REDRIVEN_COLUMNS: readonly Column<Tried<Redriven>>[] = [
  ...keyColumns,
  { head: 'applied', right: true, value: ({ result }) => result.applied },
  { head: 'left', right: true, value: ({ result }) => result.left },
  { head: 'reason', value: ({ result }) => short(result.reason ?? '') },
];

function told({ key: { service, topic, key, records }, result }: Tried<object>): object {
  return { service, topic, key, records, ...result };
}

function client({ ground }: ToolContext, { service }: Parked): ServiceClient {
  return ground.service(service);
}

/** One after the other: a service applies them one at a time anyway, and what was done is known when one of them fails. */
async function inTurn<Item, Result>(items: readonly Item[], act: (item: Item) => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}
