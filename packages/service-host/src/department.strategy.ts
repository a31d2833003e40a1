import type { Department } from '@instep/department';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';

export interface StrategyParts {
  /** Brings the department up; resolves when it consumes. May take as long as database and log are away. */
  open(): Promise<void>;
  /** What to do when it cannot be brought up. */
  failed(error: unknown): void;
  readonly department: Department;
  /** Milliseconds left for draining, asked when draining begins. */
  drainMs(): number;
}

/**
 * The department as a transport of Nest: started with the application, drained when it closes, after HTTP and before the database. Records
 * never go through Nest's pipeline of handlers: one at a time with pipes and rxjs costs more than the work itself, and it hides errors.
 */
export class DepartmentStrategy extends Server implements CustomTransportStrategy {
  override readonly transportId = Symbol('instep');
  readonly #parts: StrategyParts;

  constructor(parts: StrategyParts) {
    super();
    this.#parts = parts;
  }

  /** Does not wait for database and log: HTTP is up meanwhile and says what is missing. */
  override listen(callback: () => void): void {
    this.#parts.open().catch((error: unknown) => {
      this.#parts.failed(error);
    });
    callback();
  }

  override async close(): Promise<void> {
    await this.#parts.department.stop(this.#parts.drainMs());
  }

  override on(): void {
    // Nobody listens to events of this transport: what it has to say is in readiness and metrics.
  }

  override unwrap<Driver>(): Driver {
    return this.#parts.department as Driver;
  }
}
