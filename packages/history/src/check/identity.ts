/** What must be known of a record to recognise it as a cause, also when the rest of it cannot be read. */
export interface Identity {
  readonly id: string;
  readonly recordedtime: string;
}

export function identityIn(value: Buffer): Identity | undefined {
  try {
    const { id, recordedtime } = JSON.parse(value.toString()) as Partial<Record<keyof Identity, unknown>>;
    return typeof id === 'string' && typeof recordedtime === 'string' ? { id, recordedtime } : undefined;
  } catch {
    return undefined;
  }
}
