/** One right of a principal on one resource of exactly this name. */
export interface BrokerRight {
  readonly principal: string;
  readonly resource: 'topic' | 'group' | 'cluster';
  readonly name: string;
  readonly operation: 'All' | 'Read' | 'Write' | 'Create' | 'Delete' | 'Alter' | 'Describe' | 'DescribeConfigs' | 'AlterConfigs' | 'Other';
}

/** As one line, for comparing and for showing. */
export function lineOf({ principal, resource, name, operation }: BrokerRight): string {
  return `${principal} ${operation} ${resource} ${name}`;
}
