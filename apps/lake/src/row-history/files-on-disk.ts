import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Parquet files of a row history, finished or not, relative to its folder, with slashes. */
export function historyFilesOnDisk(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.parquet(\.tmp)?$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path.startsWith('department=') || path.startsWith('order/'))
    .sort();
}
