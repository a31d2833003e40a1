import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { createLogger } from './logger.ts';
import { withTraceparent } from './traceparent.ts';

function recorded(level: 'info' | 'warn' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({
    service: 'crm',
    level,
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  return { logger, lines };
}

describe('logger', () => {
  it('writes service, level and the keys that were bound', () => {
    const { logger, lines } = recorded();
    logger.child({ tenant: 'demo', orderId: 'sample:1' }).info({ rows: 3 }, 'stored');
    expect(lines).toEqual([
      expect.objectContaining({ level: 'info', service: 'crm', tenant: 'demo', orderId: 'sample:1', rows: 3, msg: 'stored' }),
    ]);
  });

  it('never writes personal data or secrets, at the top or one level down', () => {
    const { logger, lines } = recorded();
    logger.info({ email: 'a@example.com', personal: { name: 'Ann' }, customer: { phone: '+1', id: '7' } }, 'x');
    expect(lines[0]).toMatchObject({ email: '[redacted]', personal: '[redacted]', customer: { phone: '[redacted]', id: '7' } });
    expect(JSON.stringify(lines)).not.toMatch(/example\.com|Ann|\+1/);
  });

  it('names the trace of the work at hand', () => {
    const { logger, lines } = recorded();
    withTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', () => {
      logger.info('in a trace');
    });
    expect(lines[0]).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c' });
  });

  it('keeps quiet below its level', () => {
    const { logger, lines } = recorded('warn');
    logger.info('not this');
    logger.warn('this');
    expect(lines).toHaveLength(1);
  });

  it('has written a line when the call returns, so that no later line is before it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'logger-'));
    const file = join(folder, 'out.log');
    const program = `
      import { readFileSync } from 'node:fs';
      import { createLogger } from ${JSON.stringify(new URL('logger.ts', import.meta.url).href)};
      createLogger({ service: 'crm', level: 'info' }).error('first');
      process.exit(readFileSync(${JSON.stringify(file)}, 'utf8').includes('first') ? 0 : 1);`;
    const out = openSync(file, 'a');
    const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', out, 'inherit'] });
    closeSync(out);
    expect([status, readFileSync(file, 'utf8')]).toEqual([0, expect.stringContaining('first')]);
    rmSync(folder, { recursive: true });
  });
});
