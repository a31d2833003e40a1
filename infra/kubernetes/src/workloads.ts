import type { Manifest } from './manifest.ts';

/** The parts of a pod that the rules look at. */
export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: { readonly requests?: Amounts; readonly limits?: Amounts };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly privileged?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
}

export interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port: number | string };
}

type Amounts = Readonly<Record<string, string>>;

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly seccompProfile?: { readonly type?: string } };
  readonly topologySpreadConstraints?: readonly { readonly topologyKey: string; readonly labelSelector?: Selector }[];
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly hostPath?: unknown }[];
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

export interface Workload {
  readonly manifest: Manifest;
  readonly labels: Readonly<Record<string, string>>;
  readonly pod: PodSpec;
}

interface Template {
  readonly template: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }; readonly spec: PodSpec };
}

const kindsWithPods = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);

/** Everything that starts pods, in files of any kind. */
export function workloadsIn(manifests: readonly Manifest[]): readonly Workload[] {
  return manifests
    .filter(({ kind }) => kindsWithPods.has(kind))
    .map((manifest) => {
      const { template } = templateIn(manifest);
      return { manifest, labels: template.metadata?.labels ?? {}, pod: template.spec };
    });
}

function templateIn({ kind, spec }: Manifest): Template {
  return kind === 'CronJob' ? (spec as { readonly jobTemplate: { readonly spec: Template } }).jobTemplate.spec : (spec as Template);
}

/** Those that run for good. */
export function deploymentsIn(manifests: readonly Manifest[]): readonly Workload[] {
  return workloadsIn(manifests).filter(({ manifest }) => manifest.kind === 'Deployment');
}

export function ofKind(manifests: readonly Manifest[], kind: string): readonly Manifest[] {
  return manifests.filter((manifest) => manifest.kind === kind);
}

/** Whether a selector takes a pod with these labels. One that names nothing takes every pod. */
export function selects(selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

/** The environment of a container, ConfigMaps looked up; later ones win, its own variables over all. */
export function environmentOf(container: Container, manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const maps = (container.envFrom ?? []).map(({ configMapRef }) => {
    const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMapRef?.name);
    return (map?.['data'] ?? {}) as Readonly<Record<string, string>>;
  });
  const own = (container.env ?? []).map(({ name, value = '' }) => [name, value]);
  return { ...Object.assign({}, ...maps), ...Object.fromEntries(own) } as Readonly<Record<string, string>>;
}

const units: Readonly<Record<string, number>> = { '': 1, Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, k: 1e3, M: 1e6, G: 1e9 };

/** Bytes of `384Mi`. NaN for what is not an amount of memory. */
export function bytesOf(amount: string | undefined): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(amount ?? '') ?? [];
  return number === '' ? Number.NaN : Number(number) * (units[unit] ?? Number.NaN);
}
