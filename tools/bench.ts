/** npm run bench: what the whole system does on this machine, measured; see `help` below. */
import { parseArgs } from 'node:util';
import { fullPlan, quickPlan, runBench } from '../bench/src/index.ts';
import { PlatformFault } from '@instep/local-process';
import { failInOneSentence, onEnding } from './ending.ts';

const help = `npm run bench [-- options]

Starts a broker, a database and the six services of its own on free ports, loads them with signed webhooks, and prints latency,
throughput, CPU and memory per process, whether anything was missing or double, and the stock way beside ours. Writes docs/benchmarks.md;
raw CPU profiles stay in .instep/profiles. Ends by itself in less than five minutes; with code 1 when anything was missing or double.

  --quick   shorter parts: about a minute and a half, rougher figures
  --help    this

Examples:
  npm run bench
  npm run bench -- --quick`;

await bench().catch(failInOneSentence);

async function bench(): Promise<void> {
  const { quick, help: asked } = options(process.argv.slice(2));
  if (asked) {
    console.log(help);
    return;
  }
  const ending = new AbortController();
  onEnding((reason) => {
    console.log(`stopping (${reason}); nothing is written`);
    ending.abort();
  });
  try {
    const good = await runBench(quick ? quickPlan : fullPlan, ending.signal);
    if (!good) process.exitCode = 1;
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.exitCode = 130;
  }
}

function options(args: string[]): { quick: boolean; help: boolean } {
  try {
    const off = { type: 'boolean', default: false } as const;
    const { values } = parseArgs({
      args,
      options: { quick: off, help: off },
    });
    return values;
  } catch (cause) {
    throw new PlatformFault('platform/bad-option', `${(cause as Error).message}: npm run bench knows --quick and --help.`, cause);
  }
}
