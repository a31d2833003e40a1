/** node --conditions=instep-source tools/prepare-kafka.ts <folder for the jars>: what the embedded Kafka needs once. */
import { pomFile, prepareKafka } from '@instep/embedded-kafka';
import { failInOneSentence } from './ending.ts';

const jarsDir = process.argv[2];
if (jarsDir === undefined) throw new Error('say where the jars go');
await prepareKafka({ pom: pomFile, jarsDir, onStep: (line) => console.log(`• ${line} …`) }).catch(failInOneSentence);
