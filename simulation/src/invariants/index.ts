import type { Invariant, StepInvariant } from '../evidence.ts';
import { booksAreBalanced, journalsAreBalanced } from './books-are-balanced.ts';
import { capturesAreToldOnce } from './captures-are-told-once.ts';
import { causesActOnce } from './causes-act-once.ts';
import { customersAreOne } from './customers-are-one.ts';
import { historyIsWhole, numbersAreContiguous } from './history-is-whole.ts';
import { nothingIsUnderWay } from './nothing-is-under-way.ts';
import { onlyPoisonIsParked } from './only-poison-is-parked.ts';
import { ordersArriveOnce } from './orders-arrive-once.ts';
import { ordersEndAsTheShopSays } from './orders-end-as-the-shop-says.ts';
import { rebuildEqualsLive } from './rebuild-equals-live.ts';
import { requestsHaveOneAnswer } from './requests-have-one-answer.ts';
import { stockIsConserved, stockIsNeverOversold } from './stock-is-conserved.ts';
import { webhooksAreKept } from './webhooks-are-kept.ts';

/** What must hold when everything has been delivered and nothing is under way. */
export const invariants: readonly Invariant[] = [
  ordersArriveOnce,
  webhooksAreKept,
  stockIsConserved,
  booksAreBalanced,
  capturesAreToldOnce,
  causesActOnce,
  historyIsWhole,
  rebuildEqualsLive,
  ordersEndAsTheShopSays,
  nothingIsUnderWay,
  onlyPoisonIsParked,
  requestsHaveOneAnswer,
  customersAreOne,
];

/** What must hold at every moment, and is cheap to see. */
export const stepInvariants: readonly StepInvariant[] = [stockIsNeverOversold, journalsAreBalanced, numbersAreContiguous];
