/** For the environment of a service: it then is the next release, as `edits.ts` says, in memory only. */
export const nextRelease: NodeJS.ProcessEnv = { NODE_OPTIONS: `--import=${new URL('./load.ts', import.meta.url).href}` };

/** The release as it is built. */
export const thisRelease: NodeJS.ProcessEnv = {};
