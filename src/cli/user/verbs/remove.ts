import { accountOf } from "../account-of.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user remove`. */
export const remove: UserVerb = {
  takes: ["NAME"],
  summary: "removes it with its keys and its history, and ends its sessions",
  async run({ accounts, say, args: [name = ""] }) {
    const account = await accountOf(accounts, name);
    await accounts.remove(name);
    say(`${account.name} was removed.`);
  },
};
