/**
 * Makes the topics of the contracts that are missing. Safe to call again. The Kafka client is loaded here and not with
 * the module, so that what only wants a database does not wait for it.
 */
export async function createTopics(brokers: string): Promise<void> {
  const { createTopics: create } = await import('@instep/event-log-kafka');
  await create(brokers.split(','));
}
