import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { noise } from "../../target/programs.ts";

/** How much is moved to show that bulk data comes through, with many renewals of the keys on its way. */
export const NOISE_MIB = 64;

/** The noise of the target's programs as a stream, for the input of a program. */
export function noiseStream(mebibytes: number = NOISE_MIB): Readable {
  return Readable.from(noise(mebibytes), { objectMode: false });
}

/** The SHA-256 of that noise. */
export function digestOfNoise(mebibytes: number = NOISE_MIB): string {
  const hash = createHash("sha256");
  for (const bytes of noise(mebibytes)) hash.update(bytes);
  return hash.digest("hex");
}
