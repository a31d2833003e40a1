export { comeLast } from './come-last.ts';
export { duration, figure, megabytes } from './figures.ts';
export { giveWay } from './give-way.ts';
export { progress, type Progress } from './progress.ts';
export { restForOthers, type Rest } from './rest.ts';
export { endAfterOutput, runCommand, type Program } from './run-command.ts';
export { say, table } from './say.ts';
