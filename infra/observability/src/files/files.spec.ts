import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { parser } from '@prometheus-io/lezer-promql';
import { parse } from 'yaml';

import { alertRules, dashboards, metricNamesIn } from './index.ts';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));

function faultsIn(expression: string): number {
  let faults = 0;
  parser.parse(expression).iterate({
    enter: ({ type }) => {
      if (type.isError) faults += 1;
    },
  });
  return faults;
}

describe('alert rules', () => {
  it.each(alertRules().map((rule) => [rule.alert, rule] as const))('%s can be read, has a page and a test', (name, rule) => {
    expect(faultsIn(rule.expr)).toBe(0);
    expect(existsSync(`${repository}${rule.annotations.runbook_url}`)).toBe(true);
    expect(readFileSync(`${repository}${rule.annotations.runbook_url}`, 'utf8')).toContain(rule.expr);
    const tested = parse(readFileSync(`${repository}infra/observability/alerts/instep.test.yaml`, 'utf8')) as {
      readonly tests: readonly {
        readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[];
      }[];
    };
    const tests = tested.tests.flatMap((test) => test.alert_rule_test).filter(({ alertname }) => alertname === name);
    expect(tests.some((test) => test.exp_alerts.length > 0)).toBe(true);
  });
});

describe('dashboards', () => {
  it.each(dashboards().map((board) => [board.title, board] as const))('%s asks only what can be asked', (_title, board) => {
    expect(board.panels.length).toBeGreaterThan(5);
    for (const { targets } of board.panels) {
      for (const { expr } of targets) expect([expr, faultsIn(expr.replaceAll('$service', 'crm'))]).toEqual([expr, 0]);
    }
  });
});

it('names of metrics are found in expressions, histograms by their own name', () => {
  expect(metricNamesIn('histogram_quantile(0.9, sum by (le) (rate(instep_unit_seconds_bucket[5m]))) + instep_troubles')).toEqual([
    'instep_unit_seconds',
    'instep_troubles',
  ]);
});
