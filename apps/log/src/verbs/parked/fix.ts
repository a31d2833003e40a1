import { readFileSync } from 'node:fs';

import { badInput, type ExitCode } from '../../fault.ts';
import type { ToolContext } from '../../tool-context.ts';
import { parkedRedrive, type RedriveOptions } from './redrive.ts';

export interface FixOptions extends Pick<RedriveOptions, 'dryRun' | 'yes'> {
  /** File with the mended event. */
  readonly with: string;
  readonly note: string;
}

/**
 * A redrive that begins with other bytes. The broken record stays in the log as it is; what was applied instead is recorded beside it, so a
 * rebuild comes to the same.
 */
export async function parkedFix(
  context: ToolContext,
  { service, topic, key }: { readonly service: string; readonly topic: string; readonly key: string },
  options: FixOptions,
): Promise<ExitCode> {
  const mend = { value: eventIn(options.with), note: options.note };
  return parkedRedrive(context, { service: [service], topic: [topic], key }, { ...options, mend });
}

function eventIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw badInput(
      `${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}): --with names the file that holds the mended event.`,
    );
  }
  try {
    JSON.parse(text);
    // As it was written: parsing and writing it again would round numbers that a double does not hold.
    return text.trim();
  } catch (error) {
    throw badInput(`${file} is not JSON (${(error as Error).message}): it must hold the whole event.`);
  }
}
