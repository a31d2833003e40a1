import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { answers, mustRun, runProgram, type Ran } from '@instep/local-process';

/** A container engine of this machine. */
export interface Engine {
  readonly name: 'docker' | 'podman';
  /** Whether the images that files name come from a registry, or are built here under the same names. */
  readonly publicImages: boolean;
  build(args: readonly string[], context: string): Promise<string>;
  run(args: readonly string[]): Promise<Ran>;
  must(args: readonly string[]): Promise<string>;
  compose(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string>;
}

const podmanPrograms = ['buildah', 'podman', 'runc', 'podman-compose', 'debootstrap'];

/** Docker when its daemon answers, else Debian's buildah and podman for root; undefined when there is neither. `workDir` is for settings. */
export async function findEngine(workDir: string, repository: string): Promise<Engine | undefined> {
  if (await answers('docker', ['compose', 'version'])) {
    if (await answers('docker', ['info'])) return docker(repository);
  }
  const root = process.getuid?.() === 0;
  for (const program of podmanPrograms) if (!root || !(await answers(program, ['--version']))) return undefined;
  return podman(workDir, repository);
}

function docker(repository: string): Engine {
  return {
    name: 'docker',
    publicImages: true,
    build: (args, context) => mustRun('docker', ['build', ...args, context]),
    run: (args) => runProgram('docker', args),
    must: (args) => mustRun('docker', args),
    compose: (args, environment) => mustRun('docker', ['compose', ...args], { cwd: repository, env: { ...process.env, ...environment } }),
  };
}

function podman(workDir: string, repository: string): Engine {
  const settings = join(workDir, 'containers.conf');
  writeFileSync(settings, podmanSettings);
  const env = { ...process.env, CONTAINERS_CONF: settings };
  const buildOptions = ['bud', '--isolation', 'chroot', '--layers', '--network', 'host', '--pull-never'];
  return {
    name: 'podman',
    publicImages: false,
    build: (args, context) => mustRun('nice', ['buildah', ...buildOptions, ...args, context], { env }),
    run: (args) => runProgram('podman', args, { env }),
    must: (args) => mustRun('podman', args, { env }),
    compose: (args, environment) => mustRun('podman-compose', args, { cwd: repository, env: { ...env, ...environment } }),
  };
}

/** For machines that are containers themselves: limits cannot be raised, cgroups are mixed, there is no systemd. */
const podmanSettings = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
[network]
network_backend = "netavark"
`;
