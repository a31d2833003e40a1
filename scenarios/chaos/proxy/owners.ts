/** The service that a connection to Kafka belongs to, by the client id in the header of its first request; `` for others. */
export function ownerAtKafka(first: Buffer): string {
  const clientId = 14; // behind length, kind, version and number of the request, and the length of the id
  if (first.length < clientId) return '';
  return serviceOf(first.toString('utf8', clientId, clientId + Math.max(0, first.readInt16BE(clientId - 2))));
}

/** The service that a connection to PostgreSQL belongs to, by the application name of its start-up message; `` for others. */
export function ownerAtPostgres(first: Buffer): string {
  const words = first.toString('utf8', 8).split('\0');
  return serviceOf(words[words.indexOf('application_name') + 1] ?? '');
}

function serviceOf(name: string): string {
  return /^instep[-/](.+)$/.exec(name)?.[1] ?? '';
}
