import type { TopicName } from '@instep/contracts';

import { onOrderChanged } from '../../application/on-order-changed.ts';
import { onPayrollApproved } from '../../application/on-payroll-approved.ts';
import { onStockMoved } from '../../application/on-stock-moved.ts';

/** What finance listens to, and what it makes of it. The consumer's name is where its positions are kept: renaming it reads everything again. */
export const subscriptions = {
  consumer: 'finance.events',
  topics: ['orders', 'inventory', 'payroll'] satisfies readonly TopicName[],
  reactions: [...onOrderChanged, ...onStockMoved, onPayrollApproved],
};
