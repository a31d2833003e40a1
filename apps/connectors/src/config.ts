import type { Setting } from '@instep/service-host';
import { SettingMistake } from '@instep/service-host';

import { ConnectionsMistakes, loadConnections } from './adapters/file/connections-file.ts';
import type { Connections } from './application/connections.ts';
import { sampleConnections } from './application/connections.ts';

/** Port of connectors, unless told otherwise. */
export const port = 7000;

export const webhookLimitBytes = 5 * 1024 * 1024;

const connections: Setting<Connections> = {
  name: 'INSTEP_CONNECTIONS',
  read(path) {
    if (path === undefined) return sampleConnections;
    try {
      return loadConnections(path, process.env);
    } catch (error) {
      if (!(error instanceof ConnectionsMistakes)) throw error;
      throw new SettingMistake(`names ${path}, which has mistakes:\n${error.lines.map((line) => `  ${line}`).join('\n')}`);
    }
  },
};

export const settings = { connections };
