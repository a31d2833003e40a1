import { describe, expect, it } from '@jest/globals';
import { serviceNames, topics } from '@instep/contracts';

import { accessOf } from './access-of.ts';
import { rightsOf } from './rights-of.ts';

describe('the access of services', () => {
  it('lets exactly one service write each topic', () => {
    const written = serviceNames.flatMap((service) => accessOf(service).write);
    expect(written.toSorted()).toEqual(Object.keys(topics).toSorted());
  });

  it('lets finance read payroll, and nobody else but its owner', () => {
    expect(serviceNames.filter((service) => accessOf(service).read.includes('payroll'))).toEqual(['hr', 'finance']);
  });

  it('gives a service what it listens to and its own topics, under one group', () => {
    expect(accessOf('crm')).toEqual({
      service: 'crm',
      write: ['customers', 'dead-letters.crm'],
      listen: ['orders', 'channels'],
      read: ['channels', 'orders', 'customers', 'dead-letters.crm'],
      group: 'crm.events',
    });
  });

  it('gives each service a group of its own', () => {
    expect(new Set(serviceNames.map((service) => accessOf(service).group)).size).toBe(serviceNames.length);
  });

  it('becomes rights on single names, none of which makes, deletes or alters', () => {
    expect(rightsOf('hr')).toContainEqual({ resource: 'topic', name: 'payroll', operation: 'Write' });
    expect(rightsOf('hr')).toContainEqual({ resource: 'group', name: 'hr.events', operation: 'Read' });
    const operations = new Set(serviceNames.flatMap(rightsOf).map(({ operation }) => operation));
    expect([...operations].toSorted()).toEqual(['DescribeConfigs', 'Read', 'Write']);
  });
});
