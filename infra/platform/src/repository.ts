import { fileURLToPath } from 'node:url';

/** The repository's folder; this file is as deep in src as in dist. */
export const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** Kept between runs and safe to remove: jars, formatted storage, a newer Node. */
export const toolchainDir = `${repository}.instep/toolchain`;

/** What `npm start` keeps. */
export const dataDir = `${repository}.instep/data`;
