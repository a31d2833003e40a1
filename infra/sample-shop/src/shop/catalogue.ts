export type CatalogueItem = {
  readonly sku: string;
  readonly title: string;
  readonly price: string;
  readonly unitCost: string;
  readonly productId: number;
  readonly variantId: number;
};

/** Where the shop's goods lie and leave from: the location of its shipments. */
export const location = '655441491';
export const currency = 'USD';

export const catalogue: readonly [CatalogueItem, ...CatalogueItem[]] = [
  item(1, 'COFFEE-250', 'Coffee beans, 250 g', '9.90', '3.10'),
  item(2, 'COFFEE-1000', 'Coffee beans, 1 kg', '34.00', '11.40'),
  item(3, 'FILTER-100', 'Paper filters, 100 pieces', '4.50', '0.85'),
  item(4, 'CUP-WHITE', 'Cup, white', '12.00', '2.95'),
  item(5, 'CUP-BLUE', 'Cup, blue', '12.00', '2.95'),
  item(6, 'KETTLE', 'Gooseneck kettle', '79.00', '31.20'),
  item(7, 'GRINDER', 'Hand grinder', '119.00', '48.75'),
  item(8, 'SCALE', 'Scale with timer', '49.90', '17.60'),
  item(9, 'DRIPPER', 'Dripper, glass', '24.95', '6.33'),
  item(10, 'CLEANER', 'Cleaning tablets', '7.25', '1.17'),
];

/** Sells faster than it comes in, so that orders wait for it. */
export const scarceItem: CatalogueItem = item(11, 'ESPRESSO', 'Espresso machine', '649.00', '288.10');

/** What a clerk puts in the place of a line that the shop sold without saying what it is. */
export const substitute = 'CUP-WHITE';

function item(number: number, sku: string, title: string, price: string, unitCost: string): CatalogueItem {
  return { sku, title, price, unitCost, productId: 8_100_000_000 + number, variantId: 44_100_000_000 + number };
}
