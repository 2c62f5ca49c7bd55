import type { UserVerb } from "../verb.ts";

/** `sallyport user disable`. */
export const disable: UserVerb = {
  takes: ["NAME"],
  summary: "lets nobody in by it, and ends its sessions",
  async run({ accounts, say, args: [name = ""] }) {
    const account = await accounts.disable(name);
    say(`${account.name} is disabled.`);
  },
};

/** `sallyport user enable`. */
export const enable: UserVerb = {
  takes: ["NAME"],
  summary: "lets in again",
  async run({ accounts, say, args: [name = ""] }) {
    const account = await accounts.enable(name);
    say(`${account.name} is enabled.`);
  },
};
