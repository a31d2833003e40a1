/** What the command says. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
