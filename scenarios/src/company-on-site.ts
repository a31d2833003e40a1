import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startCompany, type Company } from './company.ts';
import { stockUp } from './sample.ts';
import { startSite, type Site } from './site.ts';

/** A company that can lose its disks. */
export interface CompanyOnSite {
  /** For files of the test, beside those of the site. */
  readonly folder: string;
  readonly site: Site;
  readonly company: Company;
  /** Ends both and removes all files. */
  close(): Promise<void>;
}

/** With 1,000 pieces of A. */
export async function companyOnSite(): Promise<CompanyOnSite> {
  const folder = mkdtempSync(join(tmpdir(), 'instep-operate-'));
  const opened: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const each of opened.splice(0).reverse()) await each();
  };
  try {
    const site = await startSite(folder);
    opened.push(() => site.platform.stop());
    const company = await startCompany({}, { platform: site.platform });
    opened.push(() => company.stop());
    await stockUp(company, 'A', '1000');
    return { folder, site, company, close };
  } catch (error) {
    await close();
    throw error;
  }
}
