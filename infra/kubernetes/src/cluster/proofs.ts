import { setTimeout as pause } from 'node:timers/promises';

import { until, type Cluster } from './cluster.ts';
import { namespace, podsOf, zoneOf, type PodFacts } from './pods.ts';

/** Something shown on the running control plane: gives what was seen, in a few words, or throws with what was not. */
export type Proof = (cluster: Cluster) => Promise<string>;

const rolloutDeadlineMs = 180_000;
/** The migration jobs. Those that a schedule makes meanwhile wait for a volume that nobody provides here, and have no labels. */
const ofOurs = ['-l', 'app.kubernetes.io/part-of=instep'];

/** Every object is admitted, twice: under Pod Security, quota, strict fields; and every pod runs. */
export function isAdmitted(text: string): Proof {
  return async (cluster) => {
    const applied = (await cluster.apply(text)).trim().split('\n').length;
    await cluster.must(['wait', '-n', namespace, '--for=condition=Available', 'deployment', '--all', '--timeout=120s']);
    await cluster.must(['wait', '-n', namespace, '--for=condition=Complete', 'job', ...ofOurs, '--timeout=120s']);
    return `${applied} objects, every deployment available, every job complete`;
  };
}

/** What a second apply would change: nothing. */
export function staysTheSame(text: string): Proof {
  return async (cluster) => {
    const { code, stdout, stderr } = await cluster.run(['diff', '--server-side', '--field-manager=check', '-f', '-'], text);
    if (code !== 0) throw new Error(`a second apply would change:\n${(stdout || stderr).split('\n').slice(0, 20).join('\n')}`);
    return 'a second apply changes nothing';
  };
}

/** As the scaler would, to three pods each; then one in each zone. */
export const spreadsOverZones: Proof = async (cluster) => {
  await cluster.must(['scale', 'deployment', '-n', namespace, '-l', 'app.kubernetes.io/part-of=instep', '--replicas=3']);
  const pods = await until('three ready pods of each service', 120_000, async () => {
    const all = await podsOf(cluster);
    return all.length === 18 && all.every(({ ready }) => ready) ? all : undefined;
  });
  const narrow = [...byService(pods)].filter(([, own]) => new Set(own.map(({ node }) => zoneOf(node))).size < 3);
  if (narrow.length > 0) throw new Error(`${narrow.map(([service]) => service).join(', ')} has no pod in one of the zones`);
  return `${pods.length} pods, each service in all three zones`;
};

/** Nowhere to go for a pod that is evicted: the second of the same service must stay. */
export const evictsOneAtATime: Proof = async (cluster) => {
  const nodes = (await cluster.list('nodes')).map(({ metadata }) => metadata.name);
  await cluster.must(['cordon', ...nodes]);
  const [first, second] = (await podsOf(cluster)).filter(({ service }) => service === 'finance');
  if (!first || !second) throw new Error('finance has fewer than two pods');
  const evicted = await evict(cluster, first);
  const refused = await evict(cluster, second);
  await cluster.must(['uncordon', ...nodes]);
  if (evicted.code !== 0) throw new Error(`the first pod could not be evicted: ${evicted.stderr.trim()}`);
  if (!refused.stderr.includes('disruption budget')) throw new Error(`a second pod was evicted while the first had no successor`);
  await allReady(cluster);
  return 'a second pod of a service is not evicted while the first has no successor';
};

/** A whole node, and at no moment fewer than two pods of any service. */
export const drainsInOrder: Proof = async (cluster) => {
  const before = await podsOf(cluster);
  const [node = ''] = [...Map.groupBy(before, (pod) => pod.node)].toSorted(([, a], [, b]) => b.length - a.length).map(([name]) => name);
  const there = before.filter((pod) => pod.node === node).length;
  const args = ['drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--grace-period=1', '--timeout=120s'];
  const least = await lowestWhile(cluster, cluster.must(args));
  if ((await podsOf(cluster)).some((pod) => pod.node === node)) throw new Error(`${node} still has pods after it was drained`);
  if (least < 2) throw new Error(`a service had only ${least} ready pods while ${node} was drained`);
  await cluster.must(['uncordon', node]);
  await allReady(cluster);
  return `${there} pods left ${node}, never fewer than ${least} of 3 ready`;
};

/** A new version: new jobs beside the old ones, pods replaced one by one, and never a member more than there were. */
export function rollsGently(newVersion: string): Proof {
  return async (cluster) => {
    const begun = performance.now();
    await cluster.apply(newVersion);
    let [most, least] = [0, Number.POSITIVE_INFINITY];
    await until('the new version everywhere', rolloutDeadlineMs, async () => {
      const consumers = [...byService(await podsOf(cluster))].filter(([service]) => service !== 'connectors').map(([, pods]) => pods);
      most = Math.max(most, ...consumers.map((pods) => pods.length));
      least = Math.min(least, ...consumers.map((pods) => pods.filter(({ ready }) => ready).length));
      return (await isRolledOut(cluster)) ? true : undefined;
    });
    await cluster.must(['wait', '-n', namespace, '--for=condition=Complete', 'job', ...ofOurs, '--timeout=60s']);
    if (most > 3 || least < 2) throw new Error(`a consumer group had from ${least} to ${most} members instead of 2 or 3`);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
    return `all services in ${seconds} s, new migration jobs complete, each group with ${least} or ${most} members throughout`;
  };
}

/** Back to the version before: its jobs are there already, and stay as they are. */
export function rollsBack(text: string): Proof {
  return async (cluster) => {
    await cluster.apply(text);
    return 'the former version is applied again without a conflict';
  };
}

/** A pod as most examples have it: as root, and free to gain rights. */
export const refusesBadPod: Proof = async (cluster) => {
  const pod = `apiVersion: v1
kind: Pod
metadata: { name: bad, namespace: ${namespace} }
spec: { containers: [{ name: bad, image: "registry.example.com/bad:1" }] }
`;
  const { code, stderr } = await cluster.run(['apply', '-f', '-'], pod);
  if (code === 0 || !stderr.includes('violates PodSecurity "restricted')) throw new Error('a pod that may run as root was admitted');
  return 'a pod that may run as root is refused';
};

/** A typing mistake in a custom resource, and a rename that the schema forbids. */
export const refusesWrongFields: Proof = async (cluster) => {
  const topic = `apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: { name: wrong, namespace: ${namespace} }
spec: { partition: 3 }
`;
  const { code, stderr } = await cluster.run(['apply', '--server-side', '--field-manager=check', '-f', '-'], topic);
  if (code === 0 || !/partition/.test(stderr)) throw new Error('a topic with an unknown field was admitted');
  return 'an unknown field of a custom resource is refused';
};

/** The accounts of the services see and change nothing of the cluster. */
export const givesNoRights: Proof = async (cluster) => {
  const asked = [
    ['get', 'secrets'],
    ['list', 'pods'],
    ['create', 'pods'],
    ['get', 'configmaps'],
  ] as const;
  for (const [verb, kind] of asked) {
    const { stdout } = await cluster.run([
      'auth',
      'can-i',
      verb,
      kind,
      '-n',
      namespace,
      `--as=system:serviceaccount:${namespace}:instep-finance`,
    ]);
    if (stdout.trim() !== 'no') throw new Error(`the account of finance may ${verb} ${kind}`);
  }
  return 'the account of a service may neither read nor change anything of the cluster';
};

function evict(cluster: Cluster, { name }: PodFacts) {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: { gracePeriodSeconds: 1 } };
  return cluster.run(['create', '--raw', `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, '-f', '-'], JSON.stringify(eviction));
}

/** The fewest ready pods that any service had at any moment until the work was done. */
async function lowestWhile(cluster: Cluster, work: Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  const end = work.then(() => 'ended' as const);
  do {
    for (const pods of byService(await podsOf(cluster)).values()) least = Math.min(least, pods.filter(({ ready }) => ready).length);
  } while ((await Promise.race([end, pause(50, 'going on' as const)])) === 'going on');
  return least;
}

async function allReady(cluster: Cluster): Promise<void> {
  await until('all pods ready again', 60_000, async () => {
    const pods = await podsOf(cluster);
    return pods.length === 18 && pods.every(({ ready }) => ready) ? true : undefined;
  });
}

async function isRolledOut(cluster: Cluster): Promise<boolean> {
  const deployments = await cluster.list('deployments', '-n', namespace, '-l', 'app.kubernetes.io/part-of=instep');
  return deployments.every((deployment) => {
    const { replicas = 1 } = deployment['spec'] as { replicas?: number };
    const { generation } = deployment.metadata as { generation?: number };
    const status = deployment['status'] as {
      observedGeneration?: number;
      updatedReplicas?: number;
      availableReplicas?: number;
      replicas?: number;
    };
    return (
      status.observedGeneration === generation &&
      status.updatedReplicas === replicas &&
      status.availableReplicas === replicas &&
      status.replicas === replicas
    );
  });
}

function byService(pods: readonly PodFacts[]): ReadonlyMap<string, readonly PodFacts[]> {
  return Map.groupBy(pods, ({ service }) => service);
}
