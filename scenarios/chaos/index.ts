export { faults } from './faults/index.ts';
export { runChaos, writeReport } from './run/run-chaos.ts';
