import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { add, allocate, compare, decimal, divide, fixed, multiply, negate, parseDecimal, round, subtract, sum, zero } from './decimal.ts';
import { minorUnits, parseCurrency } from './currency.ts';
import { addMoney, money } from './money.ts';

const cents = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }).map((units) => divide(decimal(units.toString()), decimal('100'), 2));

describe('decimal', () => {
  it('keeps what a double would lose', () => {
    expect(sum(['0.1', '0.2', '0.3'].map(decimal))).toBe('0.6');
    expect(add(decimal('820982911946154508'), decimal('0.01'))).toBe('820982911946154508.01');
  });

  it('spells one number one way', () => {
    expect(['10.00', '+10', '010', '10.0'].map(decimal)).toEqual(['10', '10', '10', '10']);
    expect(decimal('-0.00')).toBe('0');
  });

  it.each(['', '1e3', '1,5', 'NaN', ' 1', '--1', '.5', '5.', '1'.repeat(61)])('does not take %j for a number', (input) => {
    expect(parseDecimal(input)).toBeUndefined();
  });

  it('rounds half away from zero', () => {
    expect(['0.005', '-0.005', '0.0049'].map((v) => round(decimal(v), 2))).toEqual(['0.01', '-0.01', '0']);
  });

  it('pads for people and cuts nothing', () => {
    expect([fixed(decimal('12.5'), 2), fixed(decimal('12'), 2), fixed(decimal('0.125'), 2), fixed(decimal('7'), 0)]).toEqual([
      '12.50',
      '12.00',
      '0.125',
      '7',
    ]);
  });

  it('adds and takes away without a rest', () => {
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        expect(subtract(add(a, b), b)).toBe(a);
        expect(add(a, negate(a))).toBe(zero);
        expect(compare(a, b) + compare(b, a)).toBe(0);
      }),
    );
  });

  it('multiplies exactly', () => {
    expect(multiply(decimal('1.05'), decimal('0.3'))).toBe('0.315');
  });

  it('splits a sum into parts that add up to it again', () => {
    fc.assert(
      fc.property(cents, fc.array(fc.nat(100000).map(String).map(decimal), { minLength: 1, maxLength: 20 }), (total, weights) => {
        const parts = allocate(total, weights, 2);
        expect(parts).toHaveLength(weights.length);
        expect(sum(parts)).toBe(total);
      }),
    );
  });

  it('gives the odd cent to the largest remainder', () => {
    expect(allocate(decimal('10'), ['1', '1', '1'].map(decimal), 2)).toEqual(['3.34', '3.33', '3.33']);
  });
});

describe('money', () => {
  it('refuses to add two currencies', () => {
    const [eur, usd] = [parseCurrency('EUR'), parseCurrency('USD')];
    if (!eur || !usd) throw new Error('EUR and USD are known');
    expect(() => addMoney(money('shop', decimal('1'), eur), money('shop', decimal('1'), usd))).toThrow('EUR and USD');
  });

  it('knows currencies and their minor units', () => {
    expect(parseCurrency('XXZ')).toBeUndefined();
    expect(['EUR', 'JPY', 'KWD'].map(minorUnits)).toEqual([2, 0, 3]);
  });
});
