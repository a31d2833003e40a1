import { runService } from '@instep/service-host';

import { service } from './crm.module.ts';

await runService(service);
