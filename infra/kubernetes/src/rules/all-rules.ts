import { boundedResources } from './bounded-resources.ts';
import { boundedScaling } from './bounded-scaling.ts';
import { closedNetwork } from './closed-network.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { endsInOrder } from './ends-in-order.ts';
import { gentleRollout } from './gentle-rollout.ts';
import { hardenedPods } from './hardened-pods.ts';
import { heapFits } from './heap-fits.ts';
import { keptHistory } from './kept-history.ts';
import { leastRights } from './least-rights.ts';
import { migrations } from './migrations.ts';
import { noSecrets } from './no-secrets.ts';
import { oneRelease } from './one-release.ts';
import { ownAccount } from './own-account.ts';
import { ownConnections } from './own-connections.ts';
import { probes } from './probes.ts';
import { reachableServices } from './reachable-services.ts';
import { restrictedNamespace } from './restricted-namespace.ts';
import type { Rule } from './rule.ts';
import { spread } from './spread.ts';

/** The whole bar. `overlay` decides only whether secrets may be written down: on a laptop they may. */
export function rulesFor(overlay: string): readonly Rule[] {
  return [
    hardenedPods,
    ownAccount,
    boundedResources,
    heapFits,
    probes,
    endsInOrder,
    disruptionBudget,
    spread,
    gentleRollout,
    oneRelease,
    migrations,
    noSecrets(overlay === 'local' ? 'local' : 'none'),
    ownConnections,
    closedNetwork,
    keptHistory,
    leastRights,
    boundedScaling,
    restrictedNamespace,
    reachableServices,
  ];
}
