import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll } from '@jest/globals';

import { startCompany, type Company } from './company.ts';
import { stockUp } from './sample.ts';
import { startSite, type Site } from './site.ts';

/** A company that can lose its disks. */
export interface CompanyOnSite {
  /** For files of the test, beside those of the site. */
  readonly folder: string;
  readonly site: Site;
  readonly company: Company;
}

/** For all tests of a `describe`: a company that is there before the first and ends after the last, with 1,000 pieces of A. */
export function companyOnSite(): CompanyOnSite {
  let opened: Opened | undefined;
  beforeAll(async () => {
    opened = await open();
  }, 120_000);
  afterAll(async () => {
    await opened?.close();
  }, 60_000);
  const there = (): Opened => {
    if (!opened) throw new Error('the company is there when the first test begins');
    return opened;
  };
  return {
    get folder() {
      return there().folder;
    },
    get site() {
      return there().site;
    },
    get company() {
      return there().company;
    },
  };
}

interface Opened extends CompanyOnSite {
  /** Ends all of it and removes its files. */
  close(): Promise<void>;
}

async function open(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'instep-operate-'));
  const opened: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
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
