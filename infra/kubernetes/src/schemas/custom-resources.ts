import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Manifest } from '../manifest.ts';
import { parseManifests } from '../parse-manifests.ts';
import { goIsThere, goModules, moduleFolder } from '../programs/go-modules.ts';
import { answers, mustRun, runProgram } from '@instep/local-process';

const strimzi = '1.2.0';
/** The generator of Strimzi is built for it. */
const oldestJava = 21;
/** Of each module: where its definitions are, and which of them are used here. */
const sources = [
  ['cloudNativePg', 'config/crd/bases', /_(clusters|databases|databaseroles)\.yaml$/],
  ['keda', 'config/crd/bases', /_(scaledobjects|triggerauthentications)\.yaml$/],
  ['prometheusOperator', 'example/prometheus-operator-crd', /_(podmonitors|prometheusrules)\.yaml$/],
  ['gatewayApi', 'config/crd/standard', /_(gateways|httproutes)\.yaml$/],
  ['externalSecrets', 'deploy/crds', /bundle\.yaml$/],
] as const;
const usedFromBundle = new Set(['externalsecrets.external-secrets.io']);
const strimziModels = ['kafka.Kafka', 'topic.KafkaTopic', 'user.KafkaUser', 'nodepool.KafkaNodePool'];

export interface CustomResources {
  readonly definitions: readonly Manifest[];
  /** What could not be had, one sentence each. */
  readonly skipped: readonly string[];
}

/** The definitions of every custom resource used, got once into `cacheDir` from the releases of their operators; no copies are kept in the tree. */
export async function customResources(cacheDir: string, onStep: (line: string) => void): Promise<CustomResources> {
  const skipped: string[] = [];
  const folder = join(cacheDir, 'crds');
  if (await goIsThere()) for (const source of sources) await fromModule(folder, source, onStep);
  else if (!existsSync(join(folder, 'keda')))
    skipped.push('the schemas of CloudNativePG, KEDA, Prometheus, Gateway API and External Secrets: they need Go');
  const java = await newEnoughJava();
  if (existsSync(join(folder, 'strimzi'))) onStep('definitions of Strimzi are in the cache');
  else if (java === undefined) skipped.push(`the schemas of Strimzi: they need Java ${oldestJava} (JAVA_HOME) and Maven`);
  else await fromStrimzi(folder, java, onStep);
  return { definitions: definitionsIn(folder), skipped };
}

function definitionsIn(folder: string): readonly Manifest[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseManifests(readFileSync(join(folder, file), 'utf8'), file))
    .filter(
      ({ kind, metadata }) =>
        kind === 'CustomResourceDefinition' && (!metadata.name.endsWith('external-secrets.io') || usedFromBundle.has(metadata.name)),
    );
}

async function fromModule(folder: string, [name, where, wanted]: (typeof sources)[number], onStep: (line: string) => void): Promise<void> {
  await once(join(folder, name), async (part) => {
    onStep(`getting definitions from ${goModules[name]}`);
    const from = join(await moduleFolder(goModules[name]), where);
    for (const file of readdirSync(from).filter((each) => wanted.test(each)))
      writeFileSync(join(part, file), readFileSync(join(from, file)));
  });
}

async function fromStrimzi(folder: string, java: string, onStep: (line: string) => void): Promise<void> {
  await once(join(folder, 'strimzi'), async (part) => {
    onStep(`making definitions with the generator of Strimzi ${strimzi}`);
    writeFileSync(join(part, 'pom.xml'), pom());
    await mustRun('mvn', [
      '-q',
      '-B',
      '-f',
      join(part, 'pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(part, 'lib')}`,
    ]);
    const output = strimziModels.map((model) => `io.strimzi.api.kafka.model.${model}=${join(part, `${model}.yaml`)}`);
    const version = ['--target-kube', '1.16+', '--crd-api-version', 'v1', '--api-versions', 'v1', '--storage-version', 'v1', '--yaml'];
    await mustRun(java, ['-cp', join(part, 'lib', '*'), 'io.strimzi.crdgenerator.CrdGenerator', ...version, ...output]);
    rmSync(join(part, 'lib'), { recursive: true });
  });
}

/** Fills a folder that is there only when it is whole. */
async function once(folder: string, fill: (part: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await fill(part);
  renameSync(part, folder);
}

async function newEnoughJava(): Promise<string | undefined> {
  if (!(await answers('mvn', ['-v']))) return undefined;
  const installed = '/usr/lib/jvm';
  const homes = [process.env['JAVA_HOME'], ...(existsSync(installed) ? readdirSync(installed).map((name) => join(installed, name)) : [])];
  for (const command of [...homes.flatMap((home) => (home ? [join(home, 'bin', 'java')] : [])), 'java']) {
    const said = await runProgram(command, ['-version']).catch(() => undefined);
    const [, major = '0'] = /version "(\d+)/.exec(said?.stderr ?? '') ?? [];
    if (Number(major) >= oldestJava) return command;
  }
  return undefined;
}

function pom(): string {
  const dependency = (name: string): string =>
    `<dependency><groupId>io.strimzi</groupId><artifactId>${name}</artifactId><version>${strimzi}</version></dependency>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>instep</groupId><artifactId>strimzi-definitions</artifactId><version>1</version><packaging>pom</packaging>
<dependencies>${dependency('api')}${dependency('crd-generator')}</dependencies></project>
`;
}
