import type { Account, AccountChange } from "../../../accounts/index.ts";
import type { Option, Task, UserVerb } from "../verb.ts";

const options: Readonly<Record<string, Option>> = { role: { help: "roles, in place of permissions" } };

/** `sallyport user grant`. */
export const grant: UserVerb = {
  takes: ["NAME", "PERMISSION…"],
  summary: "gives permissions, such as orders.read, orders.* or *",
  options,
  run: (task) => change(task, (there, given) => [...new Set([...there, ...given])]),
};

/** `sallyport user revoke`. */
export const revoke: UserVerb = {
  takes: ["NAME", "PERMISSION…"],
  summary: "takes permissions back that were given so; what a star gives stays",
  options,
  run: (task) => change(task, (there, given) => there.filter((one) => !given.includes(one))),
};

/** Changes one of the two lists of an account, and prints both. */
async function change(
  { accounts, say, args: [name = "", ...given], flag }: Task,
  next: (there: readonly string[], given: readonly string[]) => readonly string[],
): Promise<void> {
  const list = flag("role") ? "roles" : "permissions";
  const changed: Account = await accounts.update(name, (account): AccountChange => ({
    [list]: next(account[list], given),
  }));
  say(`permissions: ${changed.permissions.join(" ") || "none"}`);
  say(`roles: ${changed.roles.join(" ") || "none"}`);
}
