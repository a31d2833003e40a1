import { runService } from '@instep/service-host';

import { service } from './connectors.module.ts';

await runService(service);
