import type { Logger } from '@instep/telemetry';
import type { LoggerService } from '@nestjs/common';

/** What Nest itself has to say, in our log. Its tale of every route at start-up is left out. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: () => {},
    warn: (message: unknown) => {
      logger.warn(String(message));
    },
    error: (message: unknown, ...rest: unknown[]) => {
      logger.error({ from: rest.at(-1) }, String(message));
    },
  };
}
