import { answers, mustRun } from '@instep/local-process';

/** What operators and control plane are taken from, as Go modules. */
export const goModules = {
  kubernetes: 'k8s.io/kubernetes@v1.36.3',
  etcd: 'go.etcd.io/etcd/server/v3@v3.7.1',
  kwok: 'sigs.k8s.io/kwok@v0.8.0',
  cloudNativePg: 'github.com/cloudnative-pg/cloudnative-pg@v1.30.0',
  keda: 'github.com/kedacore/keda/v2@v2.20.2',
  prometheusOperator: 'github.com/prometheus-operator/prometheus-operator@v0.93.0',
  gatewayApi: 'sigs.k8s.io/gateway-api@v1.4.1',
  externalSecrets: 'github.com/external-secrets/external-secrets@v1.3.2',
} as const;

export function goIsThere(): Promise<boolean> {
  return answers('go', ['version']);
}

/** Folder with the sources of a module, downloaded when it is not there yet. */
export async function moduleFolder(module: string): Promise<string> {
  const answer = JSON.parse(
    await mustRun('go', ['mod', 'download', '-json', module], { env: { ...process.env, GOFLAGS: '-mod=mod' } }),
  ) as {
    Dir: string;
  };
  return answer.Dir;
}
