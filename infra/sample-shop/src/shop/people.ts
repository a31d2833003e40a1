import type { SampleCustomer } from '@instep/testkit';

const firstNames = 'Ada Ben Chiara David Elif Finn Grace Hugo Ines Jonas Kim Lara Mei Noah Olga Paul Rosa Sami Tara Yusuf'.split(' ');
const lastNames =
  'Adler Berg Costa Dubois Evans Fischer Garcia Huber Ivanov Jensen Klein Lopez Meyer Novak Okafor Rossi Sato Tanaka Vogel Weber'.split(
    ' ',
  );

/** How many different people buy here: most come again. */
export const buyers = firstNames.length * lastNames.length;

/** The same person for the same index (0 up to `buyers`), in every run. */
export function buyer(index: number): SampleCustomer {
  const firstName = firstNames[index % firstNames.length] ?? '';
  const lastName = lastNames[Math.floor(index / firstNames.length) % lastNames.length] ?? '';
  return {
    id: 6_200_000_000_000 + index,
    email: `${firstName}.${lastName}@example.com`.toLowerCase(),
    // Numbers that belong to nobody: there are only a hundred.
    phone: index < 100 ? `+1502555${String(100 + index).padStart(4, '0')}` : null,
    firstName,
    lastName,
  };
}

export type Seller = {
  readonly employeeId: string;
  readonly staffId: number;
  readonly name: string;
  readonly salary: string;
  readonly rate: string;
};

/** Orders name them by their staff id and earn them commission. */
export const sellers: readonly [Seller, ...Seller[]] = [
  { employeeId: 'sample-mira', staffId: 799_407_056, name: 'Mira Lindholm', salary: '3400.00', rate: '0.03' },
  { employeeId: 'sample-theo', staffId: 799_407_057, name: 'Theo Marchetti', salary: '3100.00', rate: '0.025' },
];
