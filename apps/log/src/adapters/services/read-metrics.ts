/** One line of Prometheus' text format. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of one metric in a text of Prometheus' format. */
export function samplesOf(text: string, metric: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const found = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)/.exec(line)?.groups;
    if (found?.name !== metric) return [];
    return [{ labels: labelsOf(found.labels ?? ''), value: Number(found.value) }];
  });
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.matchAll(/(?<name>\w+)="(?<value>(?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries([...pairs].map(({ groups }) => [groups?.name ?? '', (groups?.value ?? '').replaceAll(/\\(.)/g, '$1')]));
}
