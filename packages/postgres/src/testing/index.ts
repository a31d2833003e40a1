export { askDatabase, askServer, databaseUrl, testDatabase, type TestDatabase } from './database.ts';
