/** One variable of the environment: what it means and how its text is read. */
export interface Setting<Value> {
  readonly name: string;
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
    const text = environment[setting.name]?.trim();
    try {
      values[key] = setting.read(text === '' ? undefined : text);
    } catch (error) {
      if (!(error instanceof SettingMistake)) throw error;
      mistakes.push(`${setting.name} ${error.message}`);
    }
  }
  return { values: values as SettingsOf<S>, mistakes };
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
