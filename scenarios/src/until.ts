const LOOK_AGAIN_MS = 20;

/** Waits until it holds, and says how many milliseconds that took. A look that fails is one that does not hold yet. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<number> {
  const began = performance.now();
  for (;;) {
    if (await attempt(holds)) return performance.now() - began;
    if (performance.now() - began > ms) throw new Error(`did not come about within ${String(ms)} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

async function attempt(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await holds();
  } catch {
    return false;
  }
}
