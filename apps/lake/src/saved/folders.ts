import { fileURLToPath } from 'node:url';

/** Queries that people keep. */
export const savedQueries = fileURLToPath(new URL('../../queries/', import.meta.url));

/** The figures that the business steers by. */
export const kpiFolder = fileURLToPath(new URL('../../kpi/', import.meta.url));
