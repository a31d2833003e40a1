import { attributes, withSpan } from '@instep/telemetry';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';

/** One span per request, part of the caller's trace. Only registered while spans are exported. */
export class TraceInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const route = request.routeOptions.url ?? '';
    const described = { [attributes.httpRequestMethod]: request.method, [attributes.httpRoute]: route };
    return from(
      withSpan(`${request.method} ${route}`, { kind: 'server', attributes: described }, () =>
        lastValueFrom(next.handle(), { defaultValue: undefined }),
      ),
    );
  }
}
