import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { freePort, mustRun, spawnGuarded, type GuardedProcess } from '@instep/local-process';
import { stringify } from 'yaml';

import type { Binaries } from './build-control-plane.ts';
import { Cluster } from './cluster.ts';

const readyDeadlineMs = 60_000;
const stopGraceMs = 5_000;
const serviceAddresses = '10.96.0.0/16';

export interface RunningControlPlane {
  readonly cluster: Cluster;
  readonly seconds: number;
  stop(): Promise<void>;
}

/** Starts etcd, API server, controllers, scheduler and kwok on free ports of 127.0.0.1, with data and logs in `workDir`. All end with this process. */
export async function startControlPlane(binaries: Binaries, kubectl: string, workDir: string): Promise<RunningControlPlane> {
  const begun = performance.now();
  mkdirSync(workDir, { recursive: true });
  const [etcdPort, peerPort, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const server = `https://127.0.0.1:${port}`;
  const files = writeFiles(workDir, server);
  const running: GuardedProcess[] = [];
  const start = async (name: Parameters<Binaries['program']>[0], args: readonly string[]): Promise<void> => {
    running.push(await spawnGuarded({ command: binaries.program(name), args, cwd: workDir, logFile: join(workDir, `${name}.log`) }));
  };
  const stop = async (): Promise<void> => {
    for (const each of running.toReversed()) await each.stop(stopGraceMs);
  };
  try {
    await start('etcd', [
      '--data-dir',
      join(workDir, 'etcd'),
      '--listen-client-urls',
      etcd,
      '--advertise-client-urls',
      etcd,
      '--listen-peer-urls',
      `http://127.0.0.1:${peerPort}`,
      '--initial-advertise-peer-urls',
      `http://127.0.0.1:${peerPort}`,
      '--initial-cluster',
      `default=http://127.0.0.1:${peerPort}`,
      '--unsafe-no-fsync',
    ]);
    await start('kube-apiserver', [
      `--etcd-servers=${etcd}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${join(workDir, 'certs')}`,
      `--service-cluster-ip-range=${serviceAddresses}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${files.publicKey}`,
      `--service-account-signing-key-file=${files.privateKey}`,
      '--authorization-mode=RBAC',
      `--token-auth-file=${files.tokens}`,
      '--endpoint-reconciler-type=none',
    ]);
    await ready(kubectl, files.config, running);
    const config = `--kubeconfig=${files.config}`;
    await start('kube-controller-manager', [
      config,
      '--leader-elect=false',
      `--service-account-private-key-file=${files.privateKey}`,
      `--secure-port=${await freePort()}`,
      '--bind-address=127.0.0.1',
    ]);
    await start('kube-scheduler', [
      config,
      `--authentication-kubeconfig=${files.config}`,
      `--authorization-kubeconfig=${files.config}`,
      '--leader-elect=false',
      `--secure-port=${await freePort()}`,
      '--bind-address=127.0.0.1',
    ]);
    await start('kwok', [config, '--manage-all-nodes=true', '--server-address=', ...binaries.stages.map((file) => `--config=${file}`)]);
    return { cluster: new Cluster(kubectl, files.config), seconds: (performance.now() - begun) / 1_000, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeFiles(workDir: string, server: string) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const token = randomBytes(24).toString('hex');
  const write = (name: string, text: string | Buffer): string => {
    const path = join(workDir, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'check',
    clusters: [{ name: 'check', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'check', context: { cluster: 'check', user: 'admin' } }],
  };
  return {
    publicKey: write('sa.pub', publicKey.export({ type: 'spki', format: 'pem' })),
    privateKey: write('sa.key', privateKey.export({ type: 'pkcs1', format: 'pem' })),
    tokens: write('tokens.csv', `${token},admin,admin,"system:masters"\n`),
    config: write('admin.conf', stringify(config)),
  };
}

async function ready(kubectl: string, config: string, running: readonly GuardedProcess[]): Promise<void> {
  const deadline = Date.now() + readyDeadlineMs;
  for (;;) {
    try {
      await mustRun(kubectl, ['--kubeconfig', config, 'get', '--raw=/readyz']);
      return;
    } catch (error) {
      if (Date.now() > deadline || running.some((each) => !each.running)) throw error;
    }
    await pause(200);
  }
}
