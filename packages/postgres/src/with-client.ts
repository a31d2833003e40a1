import pg from 'pg';

import { basicConfig, type ConnectionSettings } from './connection.ts';
import { told } from './store/session.ts';

/** A connection of its own, for work that may take its time. Errors are told as the port tells them. Whoever asks for it ends it. */
export async function connected(connection: ConnectionSettings, session?: Readonly<Record<string, string>>): Promise<pg.Client> {
  const client = new pg.Client(basicConfig(connection, session));
  // A connection that breaks fails the statement under way; there is nobody else to tell.
  client.on('error', () => {});
  await told(client.connect());
  return client;
}

/** Does the work on such a connection and ends it. `session`: settings of the server for the while. */
export async function withClient<Result>(
  connection: ConnectionSettings,
  work: (client: pg.Client) => Promise<Result>,
  session?: Readonly<Record<string, string>>,
): Promise<Result> {
  const client = await connected(connection, session);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
