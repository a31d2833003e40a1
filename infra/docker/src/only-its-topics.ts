import type { Engine } from './engine.ts';

/** Asked from within the container of finance: with its own password it may write what it owns and nothing else; without one, nothing at all. */
export async function onlyItsTopics(engine: Engine, container: string): Promise<string> {
  const attempt = async (topic: string, loggedIn: boolean): Promise<string> => {
    const inLog = ['exec', '--workdir', '/app/packages/event-log-kafka', container, '/usr/local/bin/node', '-e', appendTo(topic, loggedIn)];
    const { code, stderr } = await engine.run(inLog);
    return code === 0 ? 'allowed' : stderr.trim();
  };
  const foreign = await attempt('orders', true);
  if (!/authori/i.test(foreign)) throw new Error(`finance is not refused to write the topic of orders: ${foreign.slice(-300)}`);
  const stranger = await attempt('dead-letters.finance', false);
  if (stranger === 'allowed') throw new Error('the log takes records without a password');
  const own = await attempt('dead-letters.finance', true);
  if (own !== 'allowed') throw new Error(`finance is refused to write its own topic: ${own.slice(-300)}`);
  return 'finance writes its own topics, is refused those of others, and nobody writes without a password';
}

function appendTo(topic: string, loggedIn: boolean): string {
  const password = `fs.readFileSync(process.env.KAFKA_SASL_PASSWORD_FILE, 'utf8').trim()`;
  const sasl = `sasl: { mechanism: 'scram-sha-512', username: process.env.KAFKA_SASL_USERNAME, password: ${password} }`;
  return `const record = { key: 'check/1', type: 'check', sequence: undefined, value: Buffer.from('{}') };
import('./dist/index.js').then(async ({ kafkaLog }) => {
  const log = kafkaLog({ brokers: ['kafka:9092'], clientId: 'check', appendTimeoutMs: 5000, ${loggedIn ? sasl : ''} });
  await log.append({ topic: '${topic}', partition: 0 }, [record]);
  process.exit(0);
}).catch((error) => {
  for (let at = error; at; at = at.cause) console.error(at.message);
  process.exit(1);
});`;
}
