export { runReplay } from './run-replay.ts';
export type { ReplaySettings } from './cli/settings.ts';
