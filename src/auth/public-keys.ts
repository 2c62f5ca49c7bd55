import { assertOptions, assertShape } from "./arguments.ts";
import type {
  AuthData,
  Authenticator,
  AuthVerdict,
  Awaitable,
  Identity,
  OfferedKey,
  Restrictions,
} from "../server/index.ts";
import { Journal } from "./journal.ts";
import type { RevocationSource } from "./revocation/revocations.ts";
import { Revocations } from "./revocation/revocations.ts";
import type { TouchRule } from "./touch.ts";
import { TOUCH, touchFault } from "./touch.ts";

/** What is found out about a key: whether it is let in, and if so, how. `undefined` leaves it to the next authenticator. */
export type KeyFinding =
  | boolean
  | undefined
  | ({ readonly accept: boolean; readonly user?: Identity; readonly restrictions?: Restrictions } & Partial<TouchRule>);

/** How {@link publicKeys} goes about it. */
export interface PublicKeysOptions extends Partial<TouchRule> {
  /** Keys that are not good any more, whatever is found out about them. */
  readonly revoked?: RevocationSource;
}

/**
 * Lets in whoever holds a key that a function finds good, from a database perhaps:
 *
 *     auth: [publicKeys(async (username, key) => (await db.keysOf(username)).includes(String(key)))]
 *
 * The function is also asked for keys that are only offered, and must judge by the name and the key alone: a good answer
 * for one key says nothing of the next (CVE-2024-45337). Keys with a certificate are not asked for: see `certificates`.
 * FIDO keys need a touch, unless `touchRequired: false` is given here or comes back with the finding.
 */
export function publicKeys(
  find: (username: string, key: OfferedKey, data: AuthData) => Awaitable<KeyFinding>,
  options: PublicKeysOptions = {},
): Authenticator {
  assertShape(typeof find === "function", "The source of publicKeys()", "a function of a user name and a key");
  assertOptions("publicKeys()", options, ["revoked", "touchRequired", "verifyRequired"]);
  const journal = new Journal();
  const revocations = options.revoked === undefined ? undefined : new Revocations(options.revoked, journal);
  return {
    methods: ["publickey"],

    async prepare(log) {
      journal.use(log);
      await revocations?.prepare();
    },

    async judge(data): Promise<AuthVerdict | undefined> {
      if (data.method !== "publickey" || data.key.certificate !== undefined) return undefined;
      const found = await find(data.username, data.key, data);
      if (found === undefined || found === false) return found;
      const { touchRequired, verifyRequired, ...verdict } = found === true ? { accept: true } : found;
      if (!verdict.accept) return verdict;
      if (await revocations?.has(data.key)) return { accept: false, why: "the key has been revoked" };
      const why = touchFault(data, {
        touchRequired: touchRequired ?? options.touchRequired ?? TOUCH.touchRequired,
        verifyRequired: verifyRequired ?? options.verifyRequired ?? TOUCH.verifyRequired,
      });
      return why === undefined ? verdict : { accept: false, why };
    },
  };
}
