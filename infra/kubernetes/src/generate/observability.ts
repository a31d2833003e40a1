import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import type { Manifest } from '../manifest.ts';

/** Files of Prometheus rules (`alerts/*.yaml`) as rules of its operator, and boards (`dashboards/*.json`) as Grafana's sidecar finds them. */
export function observability(folder: string): readonly Manifest[] {
  return [...filesOf(join(folder, 'alerts'), /\.ya?ml$/).map(rule), ...filesOf(join(folder, 'dashboards'), /\.json$/).map(board)];
}

interface Found {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

function filesOf(folder: string, pattern: RegExp): readonly Found[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => pattern.test(file) && !/[.-]test\./.test(file))
    .toSorted()
    .map((file) => ({ name: file.replace(pattern, ''), file, text: readFileSync(join(folder, file), 'utf8') }));
}

function rule({ name, text }: Found): Manifest {
  const { groups } = parse(text) as { groups: unknown };
  return { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: { name: `instep-${name}` }, spec: { groups } };
}

function board({ name, file, text }: Found): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `instep-board-${name}`, labels: { grafana_dashboard: '1' } },
    data: { [file]: text },
  };
}
