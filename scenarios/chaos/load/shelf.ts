/** Channels, each of a company of its own, and what they sell. */
export const channels = [
  { connection: 'sample', tenant: 'demo' },
  { connection: 'north', tenant: 'acme' },
] as const;

export type Channel = (typeof channels)[number];

/** Sold far more often than the others, so that many orders meet on one stream. */
const hotItem = 'HOT';
/** Not enough of it for everybody: whoever comes too late waits. */
export const scarceItem = 'SCARCE';
const ordinaryItems = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export const plentifulItems = [hotItem, ...ordinaryItems] as const;

export const received = { plentiful: 1_000_000, scarcePerRun: 10 } as const;

const shares = { hot: 0.4, scarce: 0.03 } as const;

/** Two numbers from 0 to 1 choose. */
export function itemFor(chance: number, other: number): string {
  if (chance < shares.hot) return hotItem;
  return ordinaryItems[Math.floor(other * ordinaryItems.length)] ?? hotItem;
}

export function isScarce(chance: number): boolean {
  return chance < shares.scarce;
}
