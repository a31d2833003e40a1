import { runService } from '@instep/service-host';

import { service } from './hr.module.ts';

await runService(service);
