/** npm run check: types, lint, format, imports, unused code, contracts, docs. All of them, then the verdict. */
import { runChecks } from './checks.ts';
import { onEnding } from './ending.ts';

onEnding(() => process.exit(130));
const { failed } = await runChecks();
process.exitCode = failed === 0 ? 0 : 1;
