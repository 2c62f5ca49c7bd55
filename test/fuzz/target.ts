import type { Random } from "./random.ts";

/** One thing that is fuzzed. */
export interface Target {
  readonly name: string;
  /** Runs one case, which `random` decides. @throws {Finding} when something is wrong. */
  run(random: Random): void;
}

/** A case that went wrong, with what it takes to see it again. */
export class Finding extends Error {
  override readonly name = "Finding";
  /** The input: hexadecimal bytes, or the steps of a session, one a line. */
  readonly input: string;

  constructor(message: string, input: string, cause?: unknown) {
    super(message, { cause });
    this.input = input;
  }
}
