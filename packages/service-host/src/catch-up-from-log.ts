import type { DatabaseBehindLog } from '@instep/department';

import type { Ground } from './ground.ts';
import type { PatienceParts } from './patience.ts';

const SAID_EVERY_MS = 5_000;
const WAIT_MS = 1_000;

class CatchUpAbandoned extends Error {
  readonly code = 'service/start-abandoned';
}

/** Catches up from the log, and says so: in the service's log, and in readiness for as long as it lasts. */
export async function catchUpFromLog(
  why: DatabaseBehindLog,
  catchUp: NonNullable<Ground['catchUp']>,
  { clock, logger, readiness, signal }: PatienceParts,
): Promise<void> {
  const note = (how: string): void => {
    readiness.trouble('database', `The database was restored to an earlier time and catches up from the log: ${how}.`);
  };
  const goOn = (): void => {
    if (signal.aborted) throw new CatchUpAbandoned('told to end while the database caught up with the log');
  };
  logger.warn({ reason: why.message }, 'the database was restored to an earlier time: catching up from the log');
  note('it begins');
  let saidAt = clock.now();
  try {
    const done = await catchUp({
      progress: (folded, total) => {
        goOn();
        note(`${String(folded)} of ${String(total)} events`);
        if (clock.now() - saidAt < SAID_EVERY_MS) return;
        saidAt = clock.now();
        logger.info({ folded, total }, 'catching up from the log');
      },
      wait: async () => {
        goOn();
        note('another process of the service is at it');
        await clock.sleep(WAIT_MS, signal);
      },
    });
    if (done) logger.warn(done, 'caught up from the log: going on with a database that was built from it, in a new epoch');
    else logger.info('another process of the service has caught up');
  } finally {
    readiness.trouble('database', undefined);
  }
}
