import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parse } from 'yaml';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook_url', string>>;
}

export interface Dashboard {
  readonly file: string;
  readonly title: string;
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** The alert rules as Prometheus reads them. */
export function alertRules(): readonly AlertRule[] {
  const { groups } = parse(readFileSync(`${folder('alerts')}/instep.rules.yaml`, 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

/** The dashboards as Grafana reads them. */
export function dashboards(): readonly Dashboard[] {
  return readdirSync(folder('dashboards'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file, ...(JSON.parse(readFileSync(`${folder('dashboards')}/${file}`, 'utf8')) as Omit<Dashboard, 'file'>) }));
}

/** Names of metrics that an expression reads, without the endings of histograms. */
export function metricNamesIn(expression: string): readonly string[] {
  const names = expression.match(/\b(?:instep|nodejs|process|http_server)_[a-z0-9_]+/g) ?? [];
  return [...new Set(names.map((name) => name.replace(/_(?:bucket|count|sum)$/, '')))];
}
