import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { say } from '@instep/command-line';
import { Command, InvalidArgumentError } from 'commander';

import { LakeFault } from '../fault.ts';
import { defaultQueryLimits } from '../query/limits.ts';
import { foldHappenedBy } from '../row-history/happened-by.ts';
import { lakeServer, type Serving } from '../serve/lake-server.ts';
import { positive } from './export-command.ts';
import { openHistoryLog } from './history-log.ts';
import type { LakeSettings } from './lake-settings.ts';
import { assertLake } from './ask.ts';

interface ServeOptions {
  readonly lake: string;
  readonly port: number;
  readonly host: string;
  readonly name: readonly string[];
  readonly queries: number;
  readonly timeout: number;
  readonly memory: number;
  readonly reveal: string | undefined;
}

export function serveCommand(settings: LakeSettings, signal: AbortSignal): Command {
  return new Command('serve')
    .description('answers SQL over HTTP as csv, json, Parquet or Arrow, with --reveal also the files as they are; reads only')
    .option('--lake <folder>', 'folder of the lake', settings.folder)
    .option('--port <number>', 'port; 0 takes a free one', portNumber, 7010)
    .option(
      '--host <address>',
      'address to listen on; there is no login, so leave it on this machine or put a proxy with one before it',
      '127.0.0.1',
    )
    .option(
      '--name <name>',
      'another name under which it is addressed; again for more',
      (name: string, before: readonly string[]) => [...before, name],
      [],
    )
    .option('--queries <count>', 'queries at once', positive, 2)
    .option('--timeout <seconds>', 'most time of a query', positive, defaultQueryLimits.seconds)
    .option('--memory <megabytes>', 'most memory of a query', positive, defaultQueryLimits.memoryMb)
    .option(
      '--reveal <why>',
      'shows personal data, and gives the files as they are; each question is written into reveals.ndjson of the lake',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run lake -- serve
  curl -d "SELECT status, count(*) AS orders FROM orders GROUP BY ALL" "http://127.0.0.1:7010/query?format=csv"
  curl "http://127.0.0.1:7010/queries/gross-margin?format=markdown"
  curl "http://127.0.0.1:7010/as-of/inventory/stock_level?recorded=2026-11-27T12:00Z&occurred=2026-11-26T18:00Z"
  curl -o journal.parquet -d "FROM journal_lines" "http://127.0.0.1:7010/query?format=parquet"`,
    )
    .action(async (options: ServeOptions) => {
      await runServer(options, settings, signal);
    });
}

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

async function runServer(
  { lake, port, host, name, queries, timeout, memory, reveal }: ServeOptions,
  settings: LakeSettings,
  signal: AbortSignal,
): Promise<void> {
  assertLake(lake);
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]', host, ...name]);
  const personal = reveal === undefined ? 'hidden' : 'shown';
  const limits = { ...defaultQueryLimits, seconds: timeout, memoryMb: memory, personal } as const;
  const happenedBy: Serving['happenedBy'] = async (moments, gone) => {
    const { log, close } = await openHistoryLog(lake, settings);
    try {
      return await foldHappenedBy(lake, moments, { log, signal: gone });
    } finally {
      await close();
    }
  };
  const server = lakeServer({ lake, hosts, atOnce: queries, limits, happenedBy, ...(reveal !== undefined && { reveal }) });
  server.listen(port, host);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]) => {
      throw new LakeFault(
        'lake/bad-option',
        `Port ${port} on ${host} cannot be used (${(error as Error).message}): name another with --port.`,
        error,
      );
    }),
  ]);
  say(`The lake in ${lake} answers on http://${host}:${(server.address() as AddressInfo).port} (Ctrl-C ends it)`);
  if (!signal.aborted) await once(signal, 'abort');
  server.closeAllConnections();
  server.close();
}
