import type { UserVerb } from "../verb.ts";

/** `sallyport user rename`. */
export const rename: UserVerb = {
  takes: ["NAME", "NEW"],
  summary: "gives it another name, and ends its sessions; its history goes with it",
  async run({ accounts, say, args: [name = "", next = ""] }) {
    const account = await accounts.rename(name, next);
    say(`${name} is ${account.name} now.`);
  },
};
