import { randomBytes } from 'node:crypto';

/** A new id as Kafka writes them. Never one that begins with a hyphen: Kafka's tools would take it for an option. */
export function newKafkaId(): string {
  for (;;) {
    const id = randomBytes(16).toString('base64url');
    if (!id.startsWith('-')) return id;
  }
}
