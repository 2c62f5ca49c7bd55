import { createHmac, randomBytes } from "node:crypto";

/** How long a refusal takes at least, in milliseconds, as in OpenSSH. */
const FLOOR = 5;
/** How much longer it takes for one user name than for another, at most, in milliseconds. */
const JITTER = 4.2;

/**
 * Makes refusals take a time that tells nothing of their cause: at least {@link FLOOR} and a jitter that is always the
 * same for one user name, and that nobody outside the process can compute. What took longer is stretched to the next
 * doubling of it.
 */
export class RefusalDelay {
  readonly #secret: Uint8Array;

  /** @param secret for tests; at least 16 random bytes. */
  constructor(secret: Uint8Array = randomBytes(32)) {
    this.#secret = secret;
  }

  /** How long to wait on, in milliseconds, when the judgement took `elapsed`. */
  remaining(username: string, elapsed: number): number {
    const hash = createHmac("sha256", this.#secret).update(username).digest();
    let total = FLOOR + (JITTER * hash.readUInt32BE(0)) / 2 ** 32;
    while (total < elapsed) total *= 2;
    return total - elapsed;
  }
}
