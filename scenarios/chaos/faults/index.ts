import type { Fault } from '../run/fault.ts';
import { brokerFrozen, controllerKilled, leaderKilled, rollingBrokers, rollingServices, twoBrokersKilled } from './brokers.ts';
import { nothingBreaks } from './calm.ts';
import { clocksJump } from './clock.ts';
import { offsetsForgotten, rebalanceStorm, slowConsumer } from './consumers.ts';
import { brokerDiskFull, databaseCrowded, databaseDiskFull, databaseFrozen, databaseKilled } from './database.ts';
import { ledgerRestored, ordersRestored, topicDeleted } from './history-lost.ts';
import { killedAtFailpoints } from './killed-at-failpoints.ts';
import { killStorm } from './killed-at-random.ts';
import {
  answersDropped,
  connectionsReset,
  cutFromBroker,
  cutFromDatabase,
  oneWayFromBroker,
  oneWayFromDatabase,
  slowNetwork,
  thinNetwork,
} from './network.ts';
import { poison, schemaSkew } from './poison.ts';
import { webhooksRepeated } from './shops.ts';
import { soak } from './soak.ts';
import { zombieOfOrders, zombieOfStock } from './zombies.ts';

/** In the order in which they run; those on the same ground share companies. */
export const faults: readonly Fault[] = [
  nothingBreaks,
  killedAtFailpoints,
  killStorm,
  zombieOfStock,
  zombieOfOrders,
  cutFromBroker,
  oneWayFromBroker,
  cutFromDatabase,
  oneWayFromDatabase,
  slowNetwork,
  thinNetwork,
  answersDropped,
  connectionsReset,
  databaseKilled,
  databaseFrozen,
  databaseCrowded,
  clocksJump,
  rebalanceStorm,
  slowConsumer,
  offsetsForgotten,
  webhooksRepeated,
  poison,
  schemaSkew,
  ordersRestored,
  ledgerRestored,
  soak,
  topicDeleted,
  leaderKilled,
  controllerKilled,
  brokerFrozen,
  twoBrokersKilled,
  rollingBrokers,
  rollingServices,
  databaseDiskFull,
  brokerDiskFull,
];
