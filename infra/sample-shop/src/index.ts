export { startSampleShop, type Output, type SampleShop } from './sample-shop.ts';
export type { ShopOptions } from './open-shop.ts';
