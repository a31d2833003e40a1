import { titleOf, type Manifest } from '../manifest.ts';
import { ofKind, workloadsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

const secretName = /PASSWORD|SECRET|TOKEN|CREDENTIAL/;
const secretText = /:\/\/[^/\s:@]+:[^/\s:@{]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Secrets come from a store: none is written down, as a Secret, in a ConfigMap or as a variable. For a cluster on a laptop, `allowing` them. */
export function noSecrets(allowing: 'none' | 'local'): Rule {
  return {
    name: 'no secrets',
    check: (manifests) => [
      ...(allowing === 'local' ? [] : ofKind(manifests, 'Secret').map((secret) => `${titleOf(secret)} is written down`)),
      ...ofKind(manifests, 'ConfigMap').flatMap((map) =>
        Object.entries((map['data'] ?? {}) as Readonly<Record<string, string>>)
          .filter(([name, text]) => (secretName.test(name) && !name.endsWith('_FILE')) || secretText.test(text))
          .map(([name]) => `${titleOf(map)} holds a secret in ${name}`),
      ),
      ...workloadsIn(manifests).flatMap(({ manifest, pod }) =>
        pod.containers
          .flatMap(({ env = [] }) => env)
          .filter(({ name, value = '' }) => (secretName.test(name) && !name.endsWith('_FILE')) || secretText.test(value))
          .map(({ name }) => secretVariable(manifest, name)),
      ),
    ],
  };
}

function secretVariable(manifest: Manifest, name: string): string {
  return `${titleOf(manifest)} hands over a secret in the variable ${name}, which every child process and dump shows`;
}
