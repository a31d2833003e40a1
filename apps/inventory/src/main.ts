import { runService } from '@instep/service-host';

import { service } from './inventory.module.ts';

await runService(service);
