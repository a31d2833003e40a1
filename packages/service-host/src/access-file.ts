import { dirname, resolve } from 'node:path';

import type { BrokerRight, Login } from '@instep/event-log-kafka';

import { fileContent, SettingMistake } from './settings.ts';

/** Who may log in at the broker, and with which rights. */
export interface AccessFile {
  readonly logins: readonly Login[];
  readonly rights: readonly BrokerRight[];
}

interface Entry {
  readonly principal: string;
  /** Relative to the folder of the access file. */
  readonly passwordFile: string;
  readonly rights: readonly Omit<BrokerRight, 'principal'>[];
}

/** Reads an access file and the passwords that it points to. Throws `SettingMistake` that says what is wrong, without any password. */
export function readAccessFile(path: string | undefined): AccessFile {
  if (path === undefined) throw new SettingMistake('the verb "access" needs a file: access /etc/instep/access.json');
  const entries = entriesOf(fileContent(path, path), path);
  return {
    logins: entries.map(({ principal, passwordFile }) => ({ principal, password: passwordIn(resolve(dirname(path), passwordFile)) })),
    rights: entries.flatMap(({ principal, rights }) => rights.map((right) => ({ principal, ...right }))),
  };
}

function entriesOf(text: string, path: string): readonly Entry[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SettingMistake(`${path} is not JSON`);
  }
  if (Array.isArray(parsed) && parsed.every(isEntry)) return parsed;
  throw new SettingMistake(
    `${path} is not a list like [{ "principal": "crm", "passwordFile": "/run/secrets/crm", "rights": [{ "resource": "topic", "name": "orders", "operation": "Read" }] }]`,
  );
}

function isEntry(value: unknown): value is Entry {
  const { principal, passwordFile, rights } = (value ?? {}) as Partial<Entry>;
  return isText(principal) && isText(passwordFile) && Array.isArray(rights) && rights.every(isRight);
}

const resources = new Set(['topic', 'group', 'cluster']);
const operations = new Set(['Read', 'Write', 'Create', 'Describe', 'DescribeConfigs']);

function isRight(value: unknown): boolean {
  const { resource, name, operation } = (value ?? {}) as Partial<BrokerRight>;
  return isText(name) && resources.has(resource ?? '') && operations.has(operation ?? '');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function passwordIn(path: string): string {
  const password = fileContent(path, path).trim();
  if (password === '') throw new SettingMistake(`${path} is empty: it is to hold a password`);
  return password;
}
