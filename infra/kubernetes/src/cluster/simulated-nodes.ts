import { stringify } from 'yaml';

import { until, type Cluster } from './cluster.ts';

const zones = ['z1', 'z2', 'z3'];
const nodesPerZone = 2;
const size = { cpu: '16', memory: '64Gi', pods: '110' };

/** Two nodes in each of three zones, as the scheduler sees them. Resolves when they are ready. */
export async function makeNodes(cluster: Cluster): Promise<readonly string[]> {
  const nodes = zones.flatMap((zone) => Array.from({ length: nodesPerZone }, (_, index) => ({ zone, name: `${zone}-${index + 1}` })));
  await cluster.apply(nodes.map(({ name, zone }) => stringify(node(name, zone))).join('---\n'));
  await cluster.must(['wait', '--for=condition=Ready', 'node', '--all', '--timeout=60s']);
  // Made by a controller a moment later; without it no pod is admitted.
  await until('the default account', 30_000, async () => {
    const { code } = await cluster.run(['get', 'serviceaccount', 'default', '-n', 'default']);
    return code === 0 ? true : undefined;
  });
  return nodes.map(({ name }) => name);
}

function node(name: string, zone: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
      labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'topology.kubernetes.io/zone': zone },
    },
    status: { capacity: size, allocatable: size },
  };
}
