/** npm run reset: forgets everything that `npm start` has kept. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { claimPidFile } from '@instep/local-process';
import { dataDir } from '@instep/platform';
import { failInOneSentence } from './ending.ts';

try {
  if (existsSync(dataDir)) {
    // Waits for, or ends, what a killed run left; refuses while one lives.
    const claims = await Promise.all([
      claimPidFile(join(dataDir, 'instep.pid'), 'Instep'),
      claimPidFile(join(dataDir, 'kafka', 'instep.pid'), 'Kafka'),
      claimPidFile(join(dataDir, 'postgres', 'instep.pid'), 'PostgreSQL'),
    ]);
    rmSync(dataDir, { recursive: true, force: true });
    for (const claim of claims) claim.release();
  }
  console.log('The data of npm start is gone.');
} catch (error) {
  failInOneSentence(error);
}
