import { askNewSecret } from "../../new-secret.ts";
import { accountOf } from "../account-of.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user passwd`. */
export const passwd: UserVerb = {
  takes: ["NAME"],
  summary: "sets its password, and ends its sessions",
  options: {
    remove: { help: "takes the password away" },
    "keep-sessions": { help: "leaves who is in" },
  },
  async run({ accounts, console, say, args: [name = ""], flag }) {
    await accountOf(accounts, name);
    const password = flag("remove") ? undefined : await askNewSecret(console, "password", "--remove takes it away");
    await accounts.setPassword(name, password, { endSessions: !flag("keep-sessions") });
    say(password === undefined ? "The password was removed." : "The password was changed.");
  },
};
