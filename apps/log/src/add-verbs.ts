import { InvalidArgumentError, Option, type Command } from 'commander';

import type { ExitCode } from './fault.ts';
import type { ToolContext } from './tool-context.ts';
import { lag, type LagOptions } from './verbs/lag.ts';
import { parkedList, parkedShow } from './verbs/parked/list.ts';
import { parkedFix, type FixOptions } from './verbs/parked/fix.ts';
import { parkedRedrive, type RedriveOptions } from './verbs/parked/redrive.ts';
import type { Selection } from './verbs/parked/select.ts';
import { storyVerb, type StoryOptions } from './verbs/story.ts';
import { tail, type TailOptions } from './verbs/tail.ts';
import { topicsVerb, type TopicsOptions } from './verbs/topics.ts';
import { verify, type VerifyOptions } from './verbs/verify.ts';

/** How a verb is run: with what every verb gets, and its exit code kept. */
export interface Runner {
  common(command: Command): Command;
  run(options: object, act: (context: ToolContext) => Promise<ExitCode>): Promise<void>;
  rebuild(args: readonly string[]): Promise<number>;
  ended(code: ExitCode): void;
}

const place = 'an offset, a time (2026-11-25T10:00Z) or how long ago (15m, 2h, 3d)';

export function addVerbs(program: Command, runner: Runner): void {
  addTopics(program, runner);
  addTail(program, runner);
  addStory(program, runner);
  addParked(program, runner);
  addVerify(program, runner);
  addRebuild(program, runner);
  addLag(program, runner);
}

function addTopics(program: Command, { common, run }: Runner): void {
  common(program.command('topics'))
    .description('the topics, and whether they keep everything')
    .option('--verify', 'end with 1 when a topic or a broker is not as it must be', false)
    .option('--create', 'make the topics that are missing', false)
    .addOption(new Option('--replication <copies>', 'copies that each partition must have').env('INSTEP_TOPIC_REPLICATION').default('1'))
    .addHelpText('after', examples('topics', 'topics --verify --replication 3', 'topics --create --replication 3'))
    .action((options: TopicsOptions) => run(options, (context) => topicsVerb(context, options)));
}

function addTail(program: Command, { common, run }: Runner): void {
  common(program.command('tail'))
    .description('records as they come; personal data is masked')
    .option('--topic <name>', 'only this topic; * stands for anything; can be repeated', collected, [])
    .option('--type <type>', 'only events of this type; * stands for anything; can be repeated', collected, [])
    .option('--key <key>', 'only this record key, with or without its tenant')
    .option('--tenant <tenant>', 'only this tenant')
    .option('--from <where>', `beginning, end, ${place} (default: end)`)
    .option('--last <records>', 'the last ones that fit, then go on', count)
    .option('--limit <records>', 'end after so many', count)
    .option('--no-follow', 'end at the end of the log')
    .option('--data', 'show the events too', false)
    .option('--raw', 'events as they were written, not as the newest version', false)
    .option('--show-personal', 'do not mask personal data', false)
    .addHelpText('after', examples("tail --type 'order.*'", 'tail --last 20 --no-follow', 'tail --key sample:1001 --from beginning --json'))
    .action((options: TailOptions) => run(options, (context) => tail(context, options)));
}

function addStory(program: Command, { common, run }: Runner): void {
  common(program.command('story'))
    .description('all that happened to an order, a customer, an item … or because of one event, in causal order')
    .argument('<id>', 'as events write it: sample:5000000001001, cus_…, or the id of an event')
    .option('--tenant <tenant>', 'when several tenants know the id')
    .option('--tree', 'show what led to what', false)
    .option('--most <events>', 'tell no more than these', count, '5000')
    .addHelpText('after', examples('story sample:5000000001001', 'story sample:5000000001001 --tree', 'story MUG --tenant demo --json'))
    .action((id: string, options: StoryOptions) => run(options, (context) => storyVerb(context, id, options)));
}

function selecting(command: Command): Command {
  return command
    .option('--service <name>', 'only this service; can be repeated', collected, [])
    .option('--topic <name>', 'only records of this topic; can be repeated', collected, [])
    .option('--code <cause>', 'only this cause, such as defect')
    .option('--reason <text>', 'only reasons that hold this text')
    .option('--since <when>', 'parked at this time or later (a time, or how long ago: 2h)')
    .option('--until <when>', 'parked before this time');
}

function addParked(program: Command, { common, run }: Runner): void {
  const parked = program.command('parked').description('records that could not be applied: list, show, redrive, fix');
  common(selecting(parked.command('list', { isDefault: true })))
    .description('the keys that stand still, in all services')
    .option('--group', 'by cause', false)
    .addHelpText('after', examples('parked', 'parked --group', 'parked list --service finance --since 2h'))
    .action((options: Selection & { readonly group: boolean }) => run(options, (context) => parkedList(context, options, options.group)));
  common(parked.command('show'))
    .description('what waits under one key, why, and its story')
    .argument('<service>')
    .argument('<topic>')
    .argument('<key>', 'the record key, such as demo/sample:1001')
    .addHelpText('after', examples('parked show finance orders demo/sample:1001'))
    .action((service: string, topic: string, key: string, options: object) =>
      run(options, (context) => parkedShow(context, service, topic, key)),
    );
  common(selecting(parked.command('redrive')))
    .description('apply parked records again, each key in order, once their cause is mended')
    .argument('[service]')
    .argument('[topic]')
    .argument('[key]', 'the record key; without it, all that the options choose')
    .option('--dry-run', 'only say what would happen', false)
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      examples(
        'parked redrive finance orders demo/sample:1001 --dry-run',
        'parked redrive --service finance --code defect --since 2h --yes',
      ),
    )
    .action((service: string | undefined, topic: string | undefined, key: string | undefined, options: Selection & RedriveOptions) => {
      const selection = {
        ...options,
        service: service === undefined ? options.service : [service],
        topic: topic === undefined ? options.topic : [topic],
        ...(key !== undefined && { key }),
      };
      return run(options, (context) => parkedRedrive(context, selection, options));
    });
  common(parked.command('fix'))
    .description('apply a mended event in the place of the first record of a key, then the rest; the log tells who did it and why')
    .argument('<service>')
    .argument('<topic>')
    .argument('<key>', 'the record key, such as demo/sample:1001')
    .requiredOption('--with <file>', 'the mended event, whole, as JSON; tail --raw shows the broken one')
    .requiredOption('--note <text>', 'who mends it and why, for whoever reads the log later')
    .option('--dry-run', 'only say what would happen', false)
    .option('--yes', 'do not ask', false)
    .addHelpText(
      'after',
      examples('parked fix crm orders demo/sample:1001 --with event.json --note "Bea: the vendor sent half of it" --dry-run'),
    )
    .action((service: string, topic: string, key: string, options: FixOptions) =>
      run(options, (context) => parkedFix(context, { service, topic, key }, options)),
    );
}

function addVerify(program: Command, { common, run }: Runner): void {
  common(program.command('verify'))
    .description('whether numbers, versions, owners and causes in the log are as they must be')
    .option('--topic <name>', 'only this topic; * stands for anything; can be repeated', collected, [])
    .option('--partition <number>', 'only this partition', whole)
    .option('--from <where>', place)
    .option('--to <where>', `${place}; not included`)
    .option('--skew <ms>', 'how far the clocks of machines may be apart', whole, '1000')
    .option('--most <findings>', 'show no more than these; all are counted', count, '100')
    .option('--no-databases', 'do not compare with the numbers that the databases of the services gave out')
    .addHelpText(
      'after',
      examples('verify', 'verify --topic orders --from 2h', 'verify --topic orders --partition 0 --from 1000 --to 2000 --json'),
    )
    .action((options: VerifyOptions) => run(options, (context) => verify(context, options)));
}

function addRebuild(program: Command, { rebuild, ended }: Runner): void {
  program
    .command('rebuild')
    .description('build the database of a service from the log beside the live one and compare; as npm run rebuild')
    .argument('<service>', 'a service, or all')
    .option('--switch', 'put the rebuilt tables in the place of the live ones when they are equal; the service must be stopped', false)
    .option('--switch-always', 'the same whatever they are', false)
    .addHelpText('after', examples('rebuild finance', 'rebuild all', 'rebuild crm --switch'))
    .action(async (service: string, options: { readonly switch: boolean; readonly switchAlways: boolean }) => {
      const args = [service, ...(options.switch ? ['--switch'] : []), ...(options.switchAlways ? ['--switch-always'] : [])];
      ended((await rebuild(args)) === 0 ? 0 : 1);
    });
}

function addLag(program: Command, { common, run }: Runner): void {
  common(program.command('lag'))
    .description('how many events and how long each service is behind the log')
    .option('--service <name>', 'only this service; can be repeated', collected, [])
    .option('--partitions', 'every partition, not only those that are behind', false)
    .option('--watch', 'again and again until Ctrl-C', false)
    .option('--every <seconds>', 'how often with --watch', count, '2')
    .option('--max-events <events>', 'end with 1 when more are waiting', whole)
    .option('--max-seconds <seconds>', 'end with 1 when one waits for longer', whole)
    .addHelpText('after', examples('lag', 'lag --watch', 'lag --max-seconds 60 --json'))
    .action((options: LagOptions) => run(options, (context) => lag(context, options)));
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  npm run log -- ${line}`).join('\n')}`;
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function count(text: string): string {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 1.');
  return text;
}

function whole(text: string): string {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return text;
}
