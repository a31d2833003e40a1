import type { LoadRequest, UnitOfWork } from '@instep/department';

/** A unit of work that holds only what is given. */
export function unit(parts: Partial<UnitOfWork>): UnitOfWork {
  return { consumer: 'test', positions: [], streams: [], rows: [], outbox: [], requests: [], parked: [], redriven: [], ...parts };
}

export function request(parts: Partial<LoadRequest>): LoadRequest {
  return { consumer: 'test', positions: [], streams: [], rows: [], keys: [], requests: [], ...parts };
}

export function streamKey(id: string) {
  return { tenant: 'demo', stream: 'order', id };
}
