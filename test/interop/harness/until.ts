import { setTimeout as delay } from "node:timers/promises";

/** Waits for a condition. Rejects, saying what it waited for, when it does not come true in 30 s. */
export async function until(what: string, condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; !condition();) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await delay(10);
  }
}
