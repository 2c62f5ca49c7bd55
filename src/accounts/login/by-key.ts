import { authorizedKeys, certificates } from "../../auth/index.ts";
import type { AuthData, AuthVerdict, Authenticator, Log } from "../../server/index.ts";
import { linesOf } from "../account/keys.ts";
import type { Book, Entry } from "../book/book.ts";
import type { Admission } from "./admission.ts";
import type { Linking } from "./linking.ts";
import type { SignUp } from "./sign-up.ts";

type KeyData = AuthData & { readonly method: "publickey" };

/** What becomes of a key that is none of the account's. */
export interface Strangers {
  readonly linking: Linking;
  readonly signUp: SignUp | undefined;
}

/** Judges logins by `publickey`: the keys of an account with their options, and certificates of CAs that the app trusts. */
export function byKey(book: Book, admission: Admission, { linking, signUp }: Strangers): Authenticator {
  const { certificates: cas, now } = book.options;
  const certified =
    cas && certificates({ ...cas, now, principals: async (username) => principalsOf(await book.find(username)) });
  let log: Log = () => undefined;

  async function judgeKey(entry: Entry, data: KeyData): Promise<AuthVerdict | undefined> {
    const listed = authorizedKeys({ text: linesOf(entry.document.keys) }, { now });
    await listed.prepare?.(log);
    return (await listed.judge(data)) ?? certified?.judge(data);
  }

  return {
    methods: ["publickey"],

    async prepare(to) {
      log = to;
      await certified?.prepare?.(to);
    },

    async judge(data): Promise<AuthVerdict | undefined> {
      if (data.method !== "publickey") return undefined;
      const { connection, passed, key, proved } = data;
      const isListed = proved && key.certificate === undefined;
      const shown = { connection, passed, method: "publickey", key: isListed ? key.fingerprint : undefined };
      const entry = await book.find(data.username);
      if (entry === undefined) {
        const signedUp = await signUp?.byKey(data);
        if (signedUp === undefined) return { accept: false, why: "there is no such account", unknownUser: true };
        return "key" in signedUp ? admission.admit(signedUp, shown) : signedUp;
      }
      const verdict = await judgeKey(entry, data);
      if (verdict === undefined) {
        return linking.offer(entry, data) ?? { accept: false, why: "the key is none of the account's" };
      }
      if (typeof verdict !== "object" || !("accept" in verdict) || !verdict.accept) return verdict;
      const { restrictions, user } = verdict;
      return admission.admit(entry, { ...shown, restrictions, user });
    },
  };
}

function principalsOf(entry: Entry | undefined): readonly string[] | undefined {
  return entry && (entry.document.principals ?? [entry.document.name]);
}
