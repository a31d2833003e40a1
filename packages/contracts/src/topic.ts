import type { ServiceName } from './service.ts';

/** A topic of the log. Exactly one service writes it. */
export interface TopicDefinition {
  readonly name: string;
  readonly owner: ServiceName;
  /** Fixed for the life of a deployment: another count would move keys to other partitions and break their order. */
  readonly partitions: number;
  readonly meaning: string;
  /** Whether the owner's relay numbers its records. Topics that several processes append to directly carry no numbers. */
  readonly sequenced: boolean;
  /** Who may read it besides the owner. Everybody when absent. */
  readonly readers?: readonly ServiceName[];
  readonly maxMessageBytes?: number;
}

const partitions = 3;

export const topics = {
  'raw.shopify': {
    name: 'raw.shopify',
    owner: 'connectors',
    partitions,
    meaning: 'What Shopify sent, byte for byte, before anybody interpreted it.',
    sequenced: false,
    readers: ['connectors'],
    maxMessageBytes: 8 * 1024 * 1024,
  },
  channels: {
    name: 'channels',
    owner: 'connectors',
    partitions,
    meaning: 'What sales channels say is so: whole snapshots with the time stamp of the channel.',
    sequenced: true,
    maxMessageBytes: 8 * 1024 * 1024,
  },
  orders: {
    name: 'orders',
    owner: 'order-intake',
    partitions,
    meaning: 'What happened to orders.',
    sequenced: true,
    maxMessageBytes: 8 * 1024 * 1024,
  },
  inventory: {
    name: 'inventory',
    owner: 'inventory',
    partitions,
    meaning: 'Items, stock and reservations.',
    sequenced: true,
    maxMessageBytes: 8 * 1024 * 1024,
  },
  customers: { name: 'customers', owner: 'crm', partitions, meaning: 'Who the customers are and what they agreed to.', sequenced: true },
  people: { name: 'people', owner: 'hr', partitions, meaning: 'Employees and what they earned.', sequenced: true },
  payroll: {
    name: 'payroll',
    owner: 'hr',
    partitions,
    meaning: 'Payroll runs. Read by finance only.',
    sequenced: true,
    readers: ['finance'],
  },
  finance: { name: 'finance', owner: 'finance', partitions, meaning: 'Journals of the ledger.', sequenced: true },
  'dead-letters.connectors': deadLetters('connectors'),
  'dead-letters.order-intake': deadLetters('order-intake'),
  'dead-letters.inventory': deadLetters('inventory'),
  'dead-letters.crm': deadLetters('crm'),
  'dead-letters.hr': deadLetters('hr'),
  'dead-letters.finance': deadLetters('finance'),
} as const satisfies Record<string, TopicDefinition>;

export type TopicName = keyof typeof topics;

function deadLetters<Service extends ServiceName>(owner: Service): TopicDefinition & { name: `dead-letters.${Service}`; owner: Service } {
  return {
    name: `dead-letters.${owner}`,
    owner,
    partitions,
    meaning: `Copies of the records that ${owner} parked, each with its story. For people; nobody consumes them.`,
    sequenced: true,
    maxMessageBytes: 12 * 1024 * 1024,
  };
}
