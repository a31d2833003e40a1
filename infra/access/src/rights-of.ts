import { accessOf } from './access-of.ts';
import type { ServiceName } from '@instep/contracts';

export type Operation = 'Write' | 'Read' | 'Describe' | 'DescribeConfigs';

/** One right at the broker: an operation on one resource of exactly this name. `Write` and `Read` bring `Describe` with them. */
export interface Right {
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly operation: Operation;
}

/**
 * The rights that a service's principal has at the broker, and no others: nothing may be made, deleted or altered. It may see the settings of
 * the topics it uses, because it refuses to start on one that would forget. Writing idempotently needs no right of its own.
 */
export function rightsOf(service: ServiceName): readonly Right[] {
  const { write, read, group } = accessOf(service);
  return [
    ...write.map((name): Right => ({ resource: 'topic', name, operation: 'Write' })),
    ...read.flatMap((name): Right[] => [
      { resource: 'topic', name, operation: 'Read' },
      { resource: 'topic', name, operation: 'DescribeConfigs' },
    ]),
    { resource: 'group', name: group, operation: 'Read' },
  ];
}
