import { DuckDBIntervalValue, DuckDBTypeId, type DuckDBType, type Json } from '@duckdb/node-api';

/** A value for people: exact decimals without the zeros that only their scale adds, and anything nested as JSON. */
export function cellText(value: Json, type: DuckDBType | undefined): string {
  if (value === null) return '';
  if (typeof value === 'string') return type?.typeId === DuckDBTypeId.DECIMAL ? withoutZeros(value) : value;
  if (typeof value !== 'object') return String(value);
  return intervalText(value, type) ?? JSON.stringify(value);
}

/** A value for JSON: whole numbers as numbers where that loses nothing; exact decimals stay text, they are money more often than not. */
export function cellJson(value: Json, type: DuckDBType | undefined): Json {
  if (typeof value !== 'string') return intervalText(value, type) ?? value;
  if (type?.typeId === DuckDBTypeId.DECIMAL) return withoutZeros(value);
  if (type?.typeId !== DuckDBTypeId.BIGINT && type?.typeId !== DuckDBTypeId.HUGEINT) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** As DuckDB writes it, `1 day 02:00:00`; undefined for anything else. */
function intervalText(value: Json, type: DuckDBType | undefined): string | undefined {
  if (type?.typeId !== DuckDBTypeId.INTERVAL || value === null) return undefined;
  const { months, days, micros } = value as { readonly months: number; readonly days: number; readonly micros: string };
  return new DuckDBIntervalValue(months, days, BigInt(micros)).toString();
}

function withoutZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

const figures = new Set<DuckDBTypeId>([
  ...[DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER, DuckDBTypeId.BIGINT, DuckDBTypeId.HUGEINT],
  ...[DuckDBTypeId.UTINYINT, DuckDBTypeId.USMALLINT, DuckDBTypeId.UINTEGER, DuckDBTypeId.UBIGINT],
  ...[DuckDBTypeId.DECIMAL, DuckDBTypeId.DOUBLE, DuckDBTypeId.FLOAT],
]);

export function isFigure(type: DuckDBType | undefined): boolean {
  return type !== undefined && figures.has(type.typeId);
}
