import { catalogue, currency, location, scarceItem, type CatalogueItem } from './catalogue.ts';
import type { Answer, Departments } from './departments.ts';
import { sellers } from './people.ts';

const openingStock = '2000';
const openingStockOfScarce = '5';
/** Keys are fixed and so is what is asked under them: doing it again changes nothing. */
const key = (what: string): string => `sample-shop/${what}`;

/** Registers the catalogue, takes the opening stock in and hires the sellers. Can be done again: what is there stays as it is. */
export async function prepareShop(departments: Departments): Promise<void> {
  for (const item of [...catalogue, scarceItem]) {
    const { sku, title } = item;
    requireDone(await departments.post('inventory', '/items', { item: sku, sku, title, unit: 'piece' }, key(`item/${sku}`)));
    const quantity = item === scarceItem ? openingStockOfScarce : openingStock;
    requireDone(await departments.post('inventory', '/receipts', receiptOf(item, quantity), key(`opening/${sku}`)));
  }
  for (const { employeeId, staffId, name, salary, rate } of sellers) {
    const contract = { employeeId, hiredAt: '2026-01-01', staff: [`sample:${staffId}`], salary, currency, commissionRate: rate, name };
    requireDone(await departments.post('hr', '/employees', contract, key(`employee/${employeeId}`)));
  }
}

/** Goods that arrive; `arrival` tells this one from all others. */
export async function receiveGoods(departments: Departments, item: CatalogueItem, quantity: number, arrival: string): Promise<void> {
  requireDone(await departments.post('inventory', '/receipts', receiptOf(item, String(quantity)), key(`arrival/${item.sku}/${arrival}`)));
}

function receiptOf({ sku, unitCost }: CatalogueItem, quantity: string): object {
  return { item: sku, location, quantity, unitCost, currency, reference: 'sample shop' };
}

/** 409: it was done before, perhaps by an earlier release with other words. */
function requireDone({ status, body }: Answer): void {
  if (status < 300 || status === 409) return;
  throw new Error(`answered ${status}: ${JSON.stringify(body).slice(0, 300)}`);
}
