import { AccountError } from "../../../accounts/index.ts";
import { askNewSecret } from "../../new-secret.ts";
import { trialAccounts } from "../open-accounts.ts";
import { readText } from "../read-text.ts";
import type { UserVerb } from "../verb.ts";

/** `sallyport user add`. */
export const add: UserVerb = {
  takes: ["NAME"],
  summary: "adds an account, and asks for its password",
  options: {
    key: { value: "FILE", multiple: true, help: "logs in by the public keys of FILE; no password is asked for then" },
    password: { help: "asks for a password, too" },
    "no-password": { help: "asks for none, although there is no key yet" },
    permission: { value: "PERMISSION", multiple: true, help: "such as orders.read, orders.* or *" },
    role: { value: "ROLE", multiple: true, help: "one of those that the app knows" },
  },
  makesStore: true,
  async run({ accounts, console, say, args: [name = ""], flag, value, values }) {
    const keys = values("key").map(readText);
    const settings = { keys: keys.join("\n"), permissions: values("permission"), roles: values("role") };
    // What cannot be made is said before a password is asked for.
    await trialAccounts({ value }).add(name, settings);
    if ((await accounts.get(name)) !== undefined) {
      throw new AccountError("EXISTS", `There is an account ${name} already: choose another name.`);
    }
    const asks = flag("password") || (keys.length === 0 && !flag("no-password"));
    const secret = asks
      ? { password: await askNewSecret(console, "password", "--no-password is for accounts without one") }
      : {};
    const account = await accounts.add(name, { ...settings, ...secret });
    say(`${account.name} was added.`);
  },
};
