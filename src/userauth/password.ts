import { messages, Reader } from "../wire/index.ts";
import { failure, unusable } from "./method.ts";
import type { Method } from "./method.ts";
import type { PasswordRequest } from "./policy.ts";
import { secretText } from "./text.ts";

/** A longer password fails before anyone spends a hash on it (CVE-2016-6515). */
const MAX_PASSWORD_LENGTH = 1024;

/** RFC 4252 §8. */
export const password: Method<PasswordRequest> = {
  name: "password",
  listedAs: "password",

  decode(data, { user, changeAsked }) {
    const from = new Reader(data);
    const change = from.boolean();
    const password = secretText(from.string(), MAX_PASSWORD_LENGTH);
    const newPassword = change ? secretText(from.string(), MAX_PASSWORD_LENGTH) : undefined;
    from.end();
    if (password === undefined || (change && newPassword === undefined)) {
      return unusable(user, "password", `a password is over ${MAX_PASSWORD_LENGTH} bytes, or not UTF-8`);
    }
    if (newPassword === undefined) return { method: "password", user, password };
    // RFC 4252 §8 lets a client ask for a change unasked. Most policies know no changes and would judge the old password
    // alone, which would tell the client that its new one is set; so they hear of one only when they have asked for it.
    if (!changeAsked) return unusable(user, "password", "a change of password was not asked for");
    return { method: "password", user, password, newPassword };
  },

  settle(_request, verdict) {
    if (verdict.type === "change-password") {
      const payload = messages.userauthPasswdChangereq.encode({ prompt: verdict.prompt, language: "" });
      return { type: "reply", payload, next: { name: "open", changeAsked: true } };
    }
    return verdict.type === "success" || verdict.type === "partial" ? verdict : failure;
  },
};
