export type Paint = Readonly<Record<'dim' | 'bold' | 'good' | 'warn' | 'bad', (text: string) => string>>;

const colour = (code: number) => (text: string) => `\u001B[${code}m${text}\u001B[0m`;
const none = (text: string): string => text;

export const colours: Paint = { dim: colour(2), bold: colour(1), good: colour(32), warn: colour(33), bad: colour(31) };
export const noColours: Paint = { dim: none, bold: none, good: none, warn: none, bad: none };
