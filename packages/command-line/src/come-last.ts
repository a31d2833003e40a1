import { constants } from 'node:os';

import { giveWay } from './give-way.ts';
import { restForOthers, type Rest } from './rest.ts';

/** For a process whose work may take its time: whatever else runs on the machine comes first. Gives what is called between two pieces of work. */
export function comeLast(): Rest {
  giveWay(constants.priority.PRIORITY_LOW);
  return restForOthers();
}
