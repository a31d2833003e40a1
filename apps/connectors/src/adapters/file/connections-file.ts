import { readFileSync } from 'node:fs';

import type { Connections, SecretResolver } from '../../application/connections.ts';
import { readConnections } from '../../application/connections.ts';

/** What is wrong with the file, one line each, without any secret. */
export class ConnectionsMistakes extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** Reads the connections and their secrets, once. Throws `ConnectionsMistakes` with all that is wrong. */
export function loadConnections(path: string, environment: Readonly<Record<string, string | undefined>>): Connections {
  const { connections, mistakes } = readConnections(contentOf(path), secretsFrom(environment));
  if (mistakes.length > 0) throw new ConnectionsMistakes(mistakes);
  return connections;
}

function contentOf(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConnectionsMistakes([`the file cannot be read (${codeOf(error)})`]);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ConnectionsMistakes(['the file is not JSON']);
  }
}

function secretsFrom(environment: Readonly<Record<string, string | undefined>>): SecretResolver {
  return (reference) => {
    const [kind, name] = [reference.slice(0, reference.indexOf(':')), reference.slice(reference.indexOf(':') + 1)];
    if (kind === 'env') {
      const secret = environment[name];
      return secret ? { secret } : { mistake: `names the environment variable ${name}, which is not set` };
    }
    try {
      const secret = readFileSync(name, 'utf8').replace(/\r?\n$/, '');
      return secret === '' ? { mistake: `names the file ${name}, which is empty` } : { secret };
    } catch (error) {
      return { mistake: `names the file ${name}, which cannot be read (${codeOf(error)})` };
    }
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unreadable';
}
