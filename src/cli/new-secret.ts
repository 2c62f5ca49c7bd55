import type { Console } from "./verb.ts";
import { Failure } from "./verb.ts";

/**
 * Asks for a new password or passphrase, twice where a person types it.
 *
 * @param what as the questions call it: `password`.
 * @throws {Failure} when it is empty, or the second is another.
 */
export async function askNewSecret(console: Console, what: string, whenEmpty: string): Promise<string> {
  const secret = await console.askSecret(`New ${what}: `);
  if (secret === "") throw new Failure(`the ${what} is empty: ${whenEmpty}.`);
  if (console.interactive && secret !== (await console.askSecret("Once more: "))) {
    throw new Failure(`the two ${what}s differ: nothing was done.`);
  }
  return secret;
}
