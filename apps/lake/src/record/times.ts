const canonical = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Whether a time is spelled as `Date` spells it: then a column of instants gives back the text. */
export function isCanonicalTime(text: string): boolean {
  if (!canonical.test(text)) return false;
  const ms = Date.parse(text);
  // The 30th of February is read as a day of March.
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}
