/** npm run fix: what ESLint and Prettier can put right by themselves. */
import { programOf, runNode } from './running.ts';

const lint = await runNode([programOf('eslint'), '--fix', '.'], { shown: true }).finished;
const format = await runNode([programOf('prettier'), '--write', '--log-level=warn', '.'], { shown: true }).finished;
process.exitCode = lint.code === 0 && format.code === 0 ? 0 : 1;
