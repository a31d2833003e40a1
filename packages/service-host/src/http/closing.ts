import type { Server } from 'node:http';

import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';

export interface ClosingParts {
  /** Readiness turns to draining. */
  drain(): void;
  server(): Server;
  /** Milliseconds that requests under way may take to end. */
  httpMs(): number;
  /** Gives back what the department no longer needs. */
  release(): Promise<void>;
}

const LOOK_EVERY_MS = 50;

/**
 * The ends of the closing order: readiness off and HTTP at rest, before Nest drains the department (`DepartmentStrategy.close`); database
 * and log given back, after it.
 */
export class Closing implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #parts: ClosingParts;

  constructor(parts: ClosingParts) {
    this.#parts = parts;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#parts.drain();
    const server = this.#parts.server();
    if (server.listening) await restOf(server, this.#parts.httpMs());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#parts.release();
  }
}

/** Takes no new connection, lets requests under way end, closes connections as they fall idle, and all of them at the deadline. */
function restOf(server: Server, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, LOOK_EVERY_MS);
    const late = setTimeout(() => {
      server.closeAllConnections();
    }, deadlineMs);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve();
    });
  });
}
