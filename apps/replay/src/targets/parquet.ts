import { rmSync } from 'node:fs';

import { DuckDBInstance } from '@duckdb/node-api';

const columns = `{
  topic: 'VARCHAR', partition: 'INTEGER', "offset": 'BIGINT', key: 'VARCHAR', type: 'VARCHAR',
  sequence: 'STRUCT(epoch INTEGER, n BIGINT, serial BIGINT)', timestamp: 'BIGINT', event: 'VARCHAR', value: 'VARCHAR'
}`;

/** Lines of `rowLineOf` as one Parquet file: events as their text in the log, all else as base64 in `value`. The same lines give the same bytes: one thread writes. */
export async function parquetOf(lines: string, to: string): Promise<void> {
  rmSync(to, { force: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '512MB',
    temp_directory: spillOf(to),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(
      `COPY (SELECT topic, partition AS p, "offset" AS off, key, type, sequence.epoch AS epoch, sequence.n AS seq, sequence.serial AS serial,
                    make_timestamptz(timestamp * 1000) AS appended_at, decode(from_base64(event)) AS event, value
             FROM read_json(${quoted(lines)}, format = 'newline_delimited', columns = ${columns}, maximum_object_size = 134217728))
       TO ${quoted(to)} (FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd, ROW_GROUP_SIZE 122880)`,
    );
  } catch (error) {
    rmSync(to, { force: true });
    throw error;
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(spillOf(to), { recursive: true, force: true });
  }
}

/** What does not fit into memory while a file is made; a killed run leaves it. */
export function spillOf(to: string): string {
  return `${to}.spill`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
