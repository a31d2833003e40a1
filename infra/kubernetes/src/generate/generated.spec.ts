import { describe, expect, it } from '@jest/globals';
import { accessOf, brokerRights, principalOf, rightsOf } from '@instep/access';
import { serviceNames, topics } from '@instep/contracts';

import { lagAlerts } from './alerts.ts';
import { networkEdges } from './edges.ts';
import { scaling } from './scaling.ts';
import { externalSecrets } from './secrets.ts';
import { historyJobs } from './history-jobs.ts';
import { kafkaTopics } from './topics.ts';
import { kafkaUsers } from './users.ts';

interface Acl {
  readonly resource: { readonly type: string; readonly name: string };
  readonly operations: readonly string[];
}

describe('what is written from the contracts', () => {
  it('makes every topic as a service will demand it when it starts', () => {
    expect(kafkaTopics().map(({ metadata }) => metadata.name)).toEqual(Object.keys(topics));
    expect(kafkaTopics()[0]?.['spec']).toMatchObject({
      partitions: 3,
      replicas: 3,
      config: { 'retention.ms': '-1', 'min.insync.replicas': '2' },
    });
  });

  it.each(serviceNames)('gives the user of %s exactly its rights', (service) => {
    const user = kafkaUsers().find(({ metadata }) => metadata.name === `instep-${service}`);
    const { authorization } = user?.['spec'] as { authorization: { acls: readonly Acl[] } };
    const given = authorization.acls.flatMap(({ resource, operations }) =>
      operations.map((operation) => `${operation} ${resource.type} ${resource.name}`),
    );
    expect(given.toSorted()).toEqual(
      rightsOf(service)
        .map(({ operation, resource, name }) => `${operation} ${resource} ${name}`)
        .toSorted(),
    );
  });

  it('names everybody at the broker as the embedded one and compose do', () => {
    const names = [...kafkaUsers(), ...historyJobs()].filter(({ kind }) => kind === 'KafkaUser').map(({ metadata }) => metadata.name);
    const atOthers = [...new Set(brokerRights().map(({ principal }) => principal)), principalOf('lake'), principalOf('operator')];
    expect(names.filter((name) => name !== 'instep-scaler').toSorted()).toEqual(atOthers.toSorted());
  });

  it('lets nobody who looks at the whole log write, or read what names its readers', () => {
    const acls = historyJobs()
      .filter(({ kind }) => kind === 'KafkaUser')
      .flatMap((user) => (user['spec'] as { authorization: { acls: readonly Acl[] } }).authorization.acls);
    expect(acls.filter(({ operations }) => operations.includes('Write'))).toEqual([]);
    expect(acls.filter(({ resource: { name } }) => name === 'payroll' || name === 'raw.shopify')).toEqual([]);
  });

  it('lets the scaler see groups and topics, and read none', () => {
    const user = kafkaUsers().find(({ metadata }) => metadata.name === 'instep-scaler');
    const { authorization } = user?.['spec'] as { authorization: { acls: readonly Acl[] } };
    expect(new Set(authorization.acls.flatMap(({ operations }) => operations))).toEqual(new Set(['Describe']));
  });

  it('draws no edge from one service to another', () => {
    const egress = networkEdges().flatMap((policy) => (policy['spec'] as { egress?: readonly { to: unknown }[] }).egress ?? []);
    expect(egress).toHaveLength(serviceNames.length * 3);
    expect(JSON.stringify(egress)).not.toContain('app.kubernetes.io/part-of');
  });

  it('scales each group by the topics that it listens to', () => {
    const scaled = scaling().filter(({ kind }) => kind === 'ScaledObject');
    const triggers = scaled.map((each) =>
      (each['spec'] as { triggers: readonly { metadata: Record<string, string> }[] }).triggers.map(({ metadata }) => [
        metadata['consumerGroup'],
        metadata['topic'],
      ]),
    );
    expect(triggers).toEqual(serviceNames.map((service) => accessOf(service).listen.map((topic) => [accessOf(service).group, topic])));
  });

  it('alarms for every department and topic, also when nobody reads', () => {
    const { groups } = lagAlerts()['spec'] as { groups: readonly { rules: readonly { alert: string; expr: string }[] }[] };
    const expressions = groups.flatMap(({ rules }) => rules.map(({ expr }) => expr));
    expect(expressions).toHaveLength(2 * serviceNames.flatMap((service) => accessOf(service).listen).length);
    expect(expressions).toContain('absent(instep_consumer_lag_seconds{service="finance",topic="payroll"})');
    expect(expressions).toContain('max(instep_consumer_lag_seconds{service="finance",topic="payroll"}) > 900');
  });

  it('writes no password into what the store is asked for', () => {
    expect(JSON.stringify(externalSecrets())).not.toMatch(/:\/\/[^/:]+:[^{@]+@/);
  });
});
