import { reaction } from '@instep/department';

import { receiveReport } from '../domain/order/receive-report.ts';
import { newsOfOrder } from './news-of-report.ts';

export const onChannelOrderReported = reaction('channel-order.reported', ({ data }) => [receiveReport.with(newsOfOrder(data))]);
