import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { goIsThere, goModules, moduleFolder } from '../programs/go-modules.ts';
import { mustRun } from '@instep/local-process';

/** Programs and stages of a control plane, in one folder. */
export interface Binaries {
  program(name: Program): string;
  /** Files that say how simulated nodes and pods go from state to state. */
  readonly stages: readonly string[];
}

type Program = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

const version = goModules.kubernetes.slice(goModules.kubernetes.indexOf('@v') + 2);
const libraries = version.replace(/^1/, '0');
const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
/** Replaced in the module's own go.mod by folders that no download has. */
const unlisted = [
  'cri-streaming',
  'streaming',
  'cli-runtime',
  'code-generator',
  'sample-apiserver',
  'sample-cli-plugin',
  'sample-controller',
];
const stageFolders = ['node/fast/node-initialize.yaml', 'node/heartbeat', 'pod/fast'];

/**
 * The real API server, controllers and scheduler of Kubernetes, built once from their Go modules (about seven minutes on two cores, at low
 * priority), with etcd and kwok. Undefined where there is neither Go nor an earlier build in `cacheDir`.
 */
export async function buildControlPlane(cacheDir: string, onStep: (line: string) => void): Promise<Binaries | undefined> {
  const folder = join(cacheDir, `control-plane-${version}`);
  if (!existsSync(join(folder, 'complete'))) {
    if (process.platform === 'win32' || !(await goIsThere())) return undefined;
    await build(folder, onStep);
  }
  const stages = join(folder, 'stages');
  return {
    program: (name) => join(folder, 'bin', name),
    stages: readdirSync(stages)
      .toSorted()
      .map((name) => join(stages, name)),
  };
}

async function build(folder: string, onStep: (line: string) => void): Promise<void> {
  const bin = join(folder, 'bin');
  const work = join(folder, 'work');
  mkdirSync(bin, { recursive: true });
  onStep(`building Kubernetes ${version} from its Go modules (about 7 minutes, once)`);
  if (!components.every((name) => existsSync(join(bin, name)))) await buildKubernetes(join(work, 'kubernetes'), bin);
  if (!existsSync(join(bin, 'etcd'))) await buildEtcd(join(work, 'etcd'), bin);
  if (!existsSync(join(bin, 'kwok')))
    await go(work, ['install', ...stripped, goModules.kwok.replace('@', '/cmd/kwok@')], { GOFLAGS: '', GOBIN: bin });
  await copyStages(join(folder, 'stages'));
  rmSync(work, { recursive: true, force: true });
  writeFileSync(join(folder, 'complete'), `${version}\n`);
}

const stripped = ['-ldflags', '-s -w'];

async function buildKubernetes(work: string, bin: string): Promise<void> {
  const source = await moduleFolder(goModules.kubernetes);
  await freshModule(work, 'controlplane');
  // The module replaces its libraries by folders of its own repository, which no module brings along: here, by their releases.
  const listed = [...readFileSync(join(source, 'go.mod'), 'utf8').matchAll(/^\s*k8s\.io\/([a-z-]+) v0\.0\.0(?: .*)?$/gm)].map(
    ([, name]) => name ?? '',
  );
  for (const name of new Set([...listed, ...unlisted]))
    await go(work, ['mod', 'edit', '-replace', `k8s.io/${name}=k8s.io/${name}@v${libraries}`]);
  await go(work, ['mod', 'edit', '-require', goModules.kubernetes]);
  writeFileSync(join(work, 'go.sum'), readFileSync(join(source, 'go.sum')));
  const packages = components.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  await go(work, ['get', '-tool', ...packages.map((name) => `${name}@v${version}`)]);
  const told = 'k8s.io/component-base/version';
  const [major = '', minor = ''] = version.split('.');
  const flags = `-s -w -X ${told}.gitVersion=v${version} -X ${told}.gitMajor=${major} -X ${told}.gitMinor=${minor}`;
  await go(work, ['build', '-p', '2', '-ldflags', flags, '-o', `${bin}/`, ...packages]);
}

async function buildEtcd(work: string, bin: string): Promise<void> {
  await freshModule(work, 'etcd');
  await go(work, ['get', goModules.etcd]);
  await go(work, ['build', ...stripped, '-o', join(bin, 'etcd'), goModules.etcd.slice(0, goModules.etcd.indexOf('@'))]);
}

async function freshModule(work: string, name: string): Promise<void> {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await go(work, ['mod', 'init', name]);
}

async function copyStages(stages: string): Promise<void> {
  const from = join(await moduleFolder(goModules.kwok), 'kustomize', 'stage');
  const part = `${stages}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  for (const name of stageFolders) {
    const path = join(from, name);
    const files = name.endsWith('.yaml') ? [path] : readdirSync(path).map((file) => join(path, file));
    for (const file of files.filter((each) => each.endsWith('.yaml') && !each.endsWith('kustomization.yaml')))
      cpSync(file, join(part, file.slice(from.length + 1).replaceAll('/', '-')));
  }
  rmSync(stages, { recursive: true, force: true });
  renameSync(part, stages);
}

async function go(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  mkdirSync(cwd, { recursive: true });
  await mustRun('nice', ['-n', '19', 'go', ...args], { cwd, env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod', ...env } });
}
