import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { seconds } from './figures/text-table.ts';

/** Prints as the bench goes on and keeps the tables for the page. */
export class Report {
  readonly #begun = performance.now();
  readonly #sections: { readonly title: string; readonly text: string }[] = [];

  /** What is being done now. */
  step(line: string): void {
    console.log(`• [${seconds(performance.now() - this.#begun).padStart(7)}] ${line} …`);
  }

  section(title: string, text: string): void {
    this.#sections.push({ title, text });
    console.log(`\n${title}\n\n${text}\n`);
  }

  /** The page for people: the tables as they were printed. */
  write(file: string): void {
    const sections = this.#sections.map(({ title, text }) => `## ${title}\n\n\`\`\`\n${text}\n\`\`\`\n`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `# Benchmarks\n\n${introduction}\n\n${sections.join('\n')}`);
  }

  get tookMs(): number {
    return performance.now() - this.#begun;
  }
}

const introduction = `Written by \`npm run bench\`, which takes all figures in one run: signed \`orders/create\` webhooks of about 7 KB (paid, one to three lines,
every fifth with a member of staff) go through the HTTP edge; latency counts from the planned time of sending until the payment's journal
is in the log. Everything runs on one machine, durable, with the load generator on it.`;
