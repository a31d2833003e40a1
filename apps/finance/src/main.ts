import { runService } from '@instep/service-host';

import { service } from './finance.module.ts';

await runService(service);
