const shape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const dayMs = 86_400_000;
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/**
 * Milliseconds since 1970 of a time that is spelled as `Date` spells it: then a column of instants gives back the text. Undefined for every
 * other text. By hand, as each event has two: `Date` takes five times as long.
 */
export function canonicalTime(text: string): number | undefined {
  if (!shape.test(text)) return undefined;
  const year = number(text, 0, 4);
  const month = number(text, 5, 2);
  const day = number(text, 8, 2);
  const leapDay = month === 2 && day === 29 && isLeap(year);
  if (day < 1 || (day > (daysOfMonth[month - 1] ?? 0) && !leapDay)) return undefined;
  const hours = number(text, 11, 2);
  const minutes = number(text, 14, 2);
  const seconds = number(text, 17, 2);
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return daysSince1970(year, month, day) * dayMs + (hours * 3600 + minutes * 60 + seconds) * 1000 + number(text, 20, 3);
}

function daysSince1970(year: number, month: number, day: number): number {
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  return (year - 1970) * 365 + leapDays - leapDaysBefore1970 + (daysBeforeMonth[month - 1] ?? 0) + leapDay + day - 1;
}

const leapDaysBefore1970 = 477;

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function number(text: string, at: number, digits: number): number {
  let value = 0;
  for (let index = at; index < at + digits; index += 1) value = value * 10 + text.charCodeAt(index) - 48;
  return value;
}
