import { runService } from '@instep/service-host';

import { service } from './order-intake.module.ts';

await runService(service);
