import type { Decimal } from '@instep/values';
import { add, isZero, subtract, sum } from '@instep/values';

/** One location of an item. */
export interface Place {
  readonly location: string;
  readonly onHand: Decimal;
  /** Set aside for orders: never more than is on hand. */
  readonly reserved: Decimal;
}

export function available(place: Place): Decimal {
  return isZero(place.reserved) ? place.onHand : subtract(place.onHand, place.reserved);
}

export function onHandInAll(places: readonly Place[]): Decimal {
  const [only] = places;
  return places.length === 1 && only ? only.onHand : sum(places.map((place) => place.onHand));
}

export function availableInAll(places: readonly Place[]): Decimal {
  const [only] = places;
  return places.length === 1 && only ? available(only) : sum(places.map(available));
}

/** The places with one of them changed. Sorted by location, so that it does not show which location was used first. */
export function movePlace(places: readonly Place[], location: string, onHand: Decimal, reserved: Decimal): readonly Place[] {
  const index = places.findIndex((place) => place.location >= location);
  const found = index < 0 ? undefined : places[index];
  const next = [...places];
  if (found?.location === location) {
    next[index] = {
      location,
      onHand: isZero(onHand) ? found.onHand : add(found.onHand, onHand),
      reserved: isZero(reserved) ? found.reserved : add(found.reserved, reserved),
    };
  } else {
    next.splice(index < 0 ? places.length : index, 0, { location, onHand, reserved });
  }
  return next;
}
