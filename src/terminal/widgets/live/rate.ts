/** How long back the rate is measured, in milliseconds, and how often it is written down how far things are. */
const SPAN = 10_000;
const STEP = 500;

interface Sample {
  readonly time: number;
  readonly value: number;
}

/** How fast a number grows: over the last seconds, so that it follows what happens and does not jump. */
export class Rate {
  #samples: [Sample, ...Sample[]];

  /** @param time in milliseconds, from any beginning. */
  constructor(time: number, value: number) {
    this.#samples = [{ time, value }];
  }

  note(time: number, value: number): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && time - last.time < STEP) return;
    this.#samples.push({ time, value });
    // One that is older than the span is kept, to measure from.
    while ((this.#samples[1]?.time ?? Infinity) <= time - SPAN) this.#samples.shift();
  }

  /** By how much it grows in a second; undefined as long as there is nothing to tell by. */
  perSecond(time: number, value: number): number | undefined {
    const [{ time: since, value: from }] = this.#samples;
    return time - since < STEP ? undefined : Math.max(0, ((value - from) / (time - since)) * 1000);
  }
}
