import { Command, CommanderError, Option } from 'commander';
import type { Environment } from '@instep/service-host/environment';
import { createInterface } from 'node:readline/promises';

import { exitCodes, ToolFault, type ExitCode } from './fault.ts';
import { Ground } from './ground.ts';
import { Output, type Format } from './output/output.ts';
import { progressOn } from './output/progress.ts';
import type { ToolContext } from './tool-context.ts';
import { addVerbs } from './add-verbs.ts';

/** What the tool gets from the process that runs it. */
export interface ToolParts {
  readonly environment: Environment;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
  /** Runs the rebuild of services with these arguments; the code that it ended with. */
  rebuild(args: readonly string[]): Promise<number>;
}

interface CommonOptions {
  readonly json?: true;
  readonly plain?: true;
  readonly table?: true;
  readonly serviceUrl: readonly string[];
}

const help = `
Output: a table on a terminal, tab-separated lines elsewhere; --table, --plain and --json say otherwise.

Where things are: KAFKA_BROKERS with KAFKA_SSL, KAFKA_SSL_CA_FILE, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD(_FILE), as
for services; DATABASE_URL, the server on which each service has a database of its name (DATABASE_URL_<SERVICE> names a single one);
INSTEP_SERVICES=finance=http://host:7005,…, else ports 7000 to 7005 of this machine. While npm start runs in this repository, npm run log finds it.

Ends with
  0  all right
  1  what was looked at is not as it must be, or something could not be done
  2  the request was not understood, or there is nothing of that kind
  3  the log, a service or a database could not be reached

No verb changes the log but redrive, which asks first or wants --yes. topics --create makes topics that are missing.

Examples:
  npm run log -- topics --verify
  npm run log -- tail --type 'order.*' --from 15m
  npm run log -- story sample:5000000001001
  npm run log -- parked --group
  npm run log -- verify --topic orders --from 2026-11-25T10:00Z
  npm run log -- lag --watch`;

/** Runs one verb. Resolves with the exit code; what goes wrong is said in one sentence on stderr. */
export async function runTool(args: readonly string[], parts: ToolParts): Promise<ExitCode> {
  let code: ExitCode = exitCodes.fine;
  const program = new Command('log')
    .description("The operator's tool for the event log.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void parts.stdout.write(text),
      writeErr: (text) => void parts.stderr.write(text),
    })
    .addHelpText('after', help)
    .showHelpAfterError('(--help says what there is)');
  addVerbs(program, {
    common,
    rebuild: parts.rebuild,
    run: async (options, act) => {
      code = await inContext(options as unknown as CommonOptions, parts, act);
    },
    ended: (given) => (code = given),
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.fine : exitCodes.input;
    return said(error, parts);
  }
  return code;
}

/** Options that every verb has. */
function common(command: Command): Command {
  return command
    .addOption(new Option('--table', 'columns for people').conflicts(['plain', 'json']))
    .addOption(new Option('--plain', 'tab-separated lines').conflicts(['json']))
    .option('--json', 'one JSON document (tail: one a line)')
    .option('--service-url <service=url>', 'where a service answers; can be repeated', collected, []);
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function inContext(options: CommonOptions, parts: ToolParts, act: (context: ToolContext) => Promise<ExitCode>): Promise<ExitCode> {
  const ground = new Ground(parts.environment, options.serviceUrl);
  const colours = parts.stdout.isTTY && !parts.environment.NO_COLOR;
  try {
    return await act({
      ground,
      output: new Output(formatOf(options, parts.stdout), parts.stdout, parts.stderr, colours),
      signal: parts.signal,
      progress: (what) => progressOn(parts.stderr, what),
      now: () => Date.now(),
      ask: (question) => ask(question, parts),
    });
  } finally {
    await ground.close();
  }
}

function formatOf({ json, plain, table }: CommonOptions, stdout: NodeJS.WriteStream): Format {
  if (json) return 'json';
  if (plain) return 'plain';
  return table || stdout.isTTY ? 'table' : 'plain';
}

async function ask(question: string, { stdin, stderr }: ToolParts): Promise<boolean> {
  if (!stdin.isTTY) return false;
  const asking = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await asking.question(`${question} [y/N] `)).trim());
  } finally {
    asking.close();
  }
}

/** A defect keeps its stack; all else is one sentence. */
function said(error: unknown, { stderr }: ToolParts): ExitCode {
  const { code, transient } = (error ?? {}) as { readonly code?: unknown; readonly transient?: unknown };
  if (error instanceof ToolFault) {
    stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof Error && typeof code === 'string' && code.startsWith('log/')) {
    const hint = transient === true ? ' Is KAFKA_BROKERS right, and do the brokers run?' : '';
    stderr.write(`${error.message}.${hint}\n`);
    return transient === true ? exitCodes.unreachable : exitCodes.input;
  }
  stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.wrong;
}
