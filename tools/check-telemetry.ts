/** npm run check:telemetry: what the telemetry says of running services, and what it costs; see `help` below. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { alertRules, dashboards, metricNamesIn, spanTree, startSpanReceiver, type SpanReceiver } from '@instep/observability';
import { startSystem, type System } from '@instep/platform';
import { shopifyOrder, shopifyWebhook } from '@instep/testkit';
import { tracingOverhead } from '../bench/src/index.ts';
import { failInOneSentence, onEnding } from './ending.ts';
import { repository } from './running.ts';

const help = `npm run check:telemetry [-- options]

Tests the alert rules (where promtool is), starts a whole system of its own, asks its metrics for everything that dashboards and alerts
read, sends one order and prints its trace as a tree. Ends with code 1 when something is missing.

  --overhead  also what tracing costs, beside none: systems in turn, about four minutes
  --help      this

Examples:
  npm run check:telemetry
  npm run check:telemetry -- --overhead`;

const settleMs = 30_000;
const ending = new AbortController();
let faults = 0;

const { values } = parseArgs({ options: { overhead: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
if (values.help) console.log(help);
else await check().catch(failInOneSentence);

async function check(): Promise<void> {
  onEnding(() => ending.abort());
  testRules();
  const dataDir = mkdtempSync(join(tmpdir(), 'instep-telemetry-'));
  const receiver = await startSpanReceiver();
  try {
    console.log('starting broker, database and services');
    const system = await startSystem({
      dataDir,
      profile: 'run',
      environment: {},
      signal: ending.signal,
      serviceEnvironment: traced(receiver),
    });
    try {
      await showTrace(system, receiver);
      await compareMetrics(system);
    } finally {
      await system.stop();
    }
  } finally {
    await receiver.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  if (values.overhead) {
    const plan = { rounds: 3, warmUpOrders: 2_000, orders: 5_000 };
    console.log(
      `\nWhat tracing costs (medians of ${String(plan.rounds)} runs of ${plan.orders.toLocaleString('en')} orders at saturation)`,
    );
    console.log(await tracingOverhead(plan, (step) => console.log(`  ${step}`), ending.signal));
  }
  console.log(faults === 0 ? '\nall of it holds' : `\n${String(faults)} of it does not hold`);
  if (faults > 0) process.exitCode = 1;
}

function say(good: boolean, what: string): void {
  if (!good) faults += 1;
  console.log(`${good ? '✓' : '✗'} ${what}`);
}

function testRules(): void {
  const { error, status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'instep.test.yaml'], {
    cwd: join(repository, 'infra', 'observability', 'alerts'),
    encoding: 'utf8',
  });
  if (error) console.log('– alert rules: not tested, promtool is not installed (it comes with Prometheus)');
  else say(status === 0, status === 0 ? `alert rules: ${String(alertRules().length)} tested` : `alert rules:\n${stdout}${stderr}`);
}

function traced({ endpoint }: SpanReceiver): NodeJS.ProcessEnv {
  return { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '200' };
}

async function showTrace(system: System, receiver: SpanReceiver): Promise<void> {
  const order = shopifyOrder({
    id: 5_000_000_000_001,
    number: 1_001,
    placedAt: '2026-03-01T10:00:00Z',
    currency: 'USD',
    customer: { id: 7_000_001, email: 'buyer@example.com', firstName: 'Bea', lastName: 'Buyer' },
    lines: [{ sku: 'MUG', price: '10.00', quantity: 2 }],
  }).paid('2026-03-01T10:05:00Z');
  const webhook = shopifyWebhook({ topic: 'orders/create', body: order.body(), secret: 'sample-secret' });
  const answer = await fetch(`${system.service('connectors').url}/webhooks/shopify/sample`, {
    method: 'POST',
    headers: webhook.headers,
    body: webhook.body,
  });
  say(answer.status === 200, `the webhook of an order is answered with ${String(answer.status)}`);
  const traceId = (): string => receiver.spans().find(({ name }) => name.startsWith('POST /webhooks'))?.traceId ?? '';
  const services = (): number => new Set(receiver.spans().flatMap((span) => (span.traceId === traceId() ? [span.service] : []))).size;
  for (const deadline = Date.now() + settleMs; services() < system.services.length && Date.now() < deadline;) await pause(100);
  await pause(1_000); // what follows from the last events
  console.log(`\nThe trace of one order (${traceId()}): start, length, service, what\n`);
  for (const line of spanTree(receiver.spans(), traceId())) console.log(line);
  console.log('');
  say(services() === system.services.length, `one trace over ${String(services())} of ${String(system.services.length)} services`);
}

/** Everything that a dashboard or an alert reads must be there, or it shows nothing for ever. */
async function compareMetrics(system: System): Promise<void> {
  const texts = await Promise.all(system.services.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  const known = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)));
  const asked = [
    ...alertRules().map(({ alert, expr }) => ({ where: alert, expr })),
    ...dashboards().flatMap(({ title, panels }) =>
      panels.flatMap((panel) => panel.targets.map(({ expr }) => ({ where: `${title}, ${panel.title}`, expr }))),
    ),
  ];
  const missing = asked.flatMap(({ where, expr }) =>
    metricNamesIn(expr)
      .filter((name) => !known.has(name))
      .map((name) => `${where} reads ${name}`),
  );
  say(
    missing.length === 0,
    missing.length === 0 ? `${String(asked.length)} expressions of dashboards and alerts read metrics that exist` : missing.join('\n  '),
  );
}
