import { fileURLToPath } from 'node:url';

/** The Maven project that names Kafka's version; beside both src and dist. */
export const pomFile = fileURLToPath(new URL('../pom.xml', import.meta.url));
