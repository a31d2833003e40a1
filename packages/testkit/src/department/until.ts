const deadlineMs = 25_000;

/** Resolves as soon as it holds; rejects after 25 seconds with `what` did not come about. */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + deadlineMs; !(await holds());) {
    if (Date.now() > deadline) throw new Error(`did not come about in ${String(deadlineMs)} ms: ${what}`);
    await new Promise(setImmediate);
  }
}
