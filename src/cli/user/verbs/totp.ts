import { Failure } from "../../verb.ts";
import { accountOf } from "../account-of.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user totp`. */
export const totp: UserVerb = {
  takes: ["NAME"],
  summary: "sets up the codes of an authenticator app, and prints recovery codes",
  options: {
    recovery: { help: "makes new recovery codes alone" },
    remove: { help: "takes both away" },
  },
  async run({ accounts, console, say, args: [name = ""], flag }) {
    await accountOf(accounts, name);
    if (flag("remove")) {
      await accounts.removeTotp(name);
      return say("Codes are not asked for any more.");
    }
    if (!flag("recovery")) {
      const { secret, uri } = await accounts.newTotp(name);
      say(`For the app: ${uri}`);
      say(`or by hand: ${secret}`);
      const code = await console.ask("Code that it shows: ");
      if (!(await accounts.setTotp(name, secret, code))) throw new Failure("the code is wrong: nothing was done.");
      say("Recovery codes, each good once in place of the app:");
    }
    for (const code of await accounts.newRecoveryCodes(name)) say(code);
  },
};
