import { execFile } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const nobody = 65_534;
const namespace = ['-U', `--map-user=${nobody}`, `--map-group=${nobody}`];

/** How PostgreSQL is started so that it does not see itself as root, which it refuses. */
export type Unprivileged = {
  readonly wrap: (command: string, args: readonly string[]) => { command: string; args: readonly string[] };
  readonly identity: { readonly uid?: number; readonly gid?: number };
  /** Gives a folder to the user that the server runs as. */
  readonly own: (folder: string) => void;
};

const plain: Unprivileged = {
  wrap: (command, args) => ({ command, args }),
  identity: {},
  own: () => undefined,
};

/**
 * For an ordinary user nothing changes. As root, or as a user without a name (initdb wants one), the server runs in a user namespace: it sees itself as nobody while the
 * kernel still treats its files as root's, so nothing is chowned and no user is made. Where namespaces are refused (many
 * containers) it runs as user 65534, who is given the data folder.
 */
export async function unprivileged(): Promise<Unprivileged> {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && hasName()) return plain;
  try {
    await run('unshare', [...namespace, 'true']);
    return { ...plain, wrap: (command, args) => ({ command: 'unshare', args: [...namespace, command, ...args] }) };
  } catch {
    if (!isRoot) return plain;
    return { ...plain, identity: { uid: nobody, gid: nobody }, own: chownTree };
  }
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false; // a bare number, as containers like to give
  }
}

function chownTree(folder: string): void {
  chownSync(folder, nobody, nobody);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) chownTree(path);
    else chownSync(path, nobody, nobody);
  }
}
