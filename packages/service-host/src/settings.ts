import { readFileSync } from 'node:fs';

/** One variable of the environment: what it means and how its text is read. */
export interface Setting<Value> {
  readonly name: string;
  /** A secret: it may be given as a file instead, named by the variable `<name>_FILE`. */
  readonly orFile?: boolean;
  /** Throws `SettingMistake` with a sentence that goes after the name. */
  read(text: string | undefined): Value;
}

export type Settings = Readonly<Record<string, Setting<unknown>>>;

export type SettingsOf<S extends Settings> = { readonly [Key in keyof S]: S[Key] extends Setting<infer Value> ? Value : never };

export class SettingMistake extends Error {}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads all settings; collects every mistake instead of stopping at the first. `values` are complete only when `mistakes` is empty. */
export function readSettings<S extends Settings>(
  settings: S,
  environment: Environment,
): { readonly values: SettingsOf<S>; readonly mistakes: readonly string[] } {
  const values: Record<string, unknown> = {};
  const mistakes: string[] = [];
  for (const [key, setting] of Object.entries(settings)) {
    try {
      values[key] = setting.read(setting.orFile === true ? textOrFile(setting.name, environment) : given(environment, setting.name));
    } catch (error) {
      if (!(error instanceof SettingMistake)) throw error;
      mistakes.push(`${setting.name} ${error.message}`);
    }
  }
  return { values: values as SettingsOf<S>, mistakes };
}

function given(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}

/** What orchestrators mount ends with a line break as often as not. */
function textOrFile(name: string, environment: Environment): string | undefined {
  const text = given(environment, name);
  const path = given(environment, `${name}_FILE`);
  if (path === undefined) return text;
  if (text !== undefined) throw new SettingMistake(`and ${name}_FILE are both given: keep one`);
  const content = fileContent(path, `is to come from ${name}_FILE, which`).trim();
  if (content === '') throw new SettingMistake(`is to come from ${name}_FILE, which names an empty file`);
  return content;
}

/** Throws `SettingMistake` that goes on after `what`; never shows the content. */
export function fileContent(path: string, what = ''): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new SettingMistake(`${what} names a file that cannot be read (${reason})`.trimStart());
  }
}

/** Text as it is. Without a default it must be there. */
export function text(
  name: string,
  options: { readonly default?: string; readonly pattern?: RegExp; readonly like?: string } = {},
): Setting<string> {
  return {
    name,
    read: (given = options.default) => {
      if (given === undefined) throw new SettingMistake(`is missing${options.like === undefined ? '' : ` (like ${options.like})`}`);
      if (options.pattern && !options.pattern.test(given)) throw new SettingMistake(`is not ${options.like ?? 'as it should be'}`);
      return given;
    },
  };
}

/** Text that may be absent. */
export function optionalText(name: string): Setting<string | undefined> {
  return { name, read: (given) => given };
}

/** A secret that may be absent; from the variable, or from the file that `<name>_FILE` names. */
export function optionalSecret(name: string): Setting<string | undefined> {
  return { ...optionalText(name), orFile: true };
}

export function wholeNumber(
  name: string,
  options: { readonly default?: number; readonly min: number; readonly max: number },
): Setting<number> {
  return {
    name,
    read: (given) => {
      if (given === undefined && options.default !== undefined) return options.default;
      const value = given !== undefined && /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
      if (!(value >= options.min && value <= options.max)) {
        throw new SettingMistake(`is ${shown(given)}, not a whole number from ${String(options.min)} to ${String(options.max)}`);
      }
      return value;
    },
  };
}

export function flag(name: string, byDefault: boolean): Setting<boolean> {
  return {
    name,
    read: (given) => {
      if (given === undefined) return byDefault;
      if (given !== 'true' && given !== 'false') throw new SettingMistake(`is ${shown(given)}, not true or false`);
      return given === 'true';
    },
  };
}

export function oneOf<const Choice extends string>(name: string, choices: readonly Choice[], byDefault?: NoInfer<Choice>): Setting<Choice> {
  return {
    name,
    read: (given) => {
      const chosen = given === undefined ? byDefault : choices.find((choice) => choice === given);
      if (chosen === undefined) throw new SettingMistake(`is ${shown(given)}, not one of ${choices.join(', ')}`);
      return chosen;
    },
  };
}

/** Comma-separated; empty parts are left out. */
export function list(
  name: string,
  options: { readonly required: boolean; readonly pattern: RegExp; readonly like: string },
): Setting<readonly string[]> {
  return {
    name,
    read: (given = '') => {
      const items = given.split(',').map((item) => item.trim());
      const filled = items.filter((item) => item !== '');
      if (options.required && filled.length === 0) throw new SettingMistake(`is missing (like ${options.like})`);
      const wrong = filled.find((item) => !options.pattern.test(item));
      if (wrong !== undefined) throw new SettingMistake(`holds ${shown(wrong)}, which is not like ${options.like}`);
      return filled;
    },
  };
}

/** Short enough for one line. Never used for settings that hold secrets. */
function shown(given: string | undefined): string {
  return given === undefined ? 'missing' : `"${given.slice(0, 60)}"`;
}
