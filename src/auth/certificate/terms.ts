import { optionText } from "../../crypto/index.ts";
import type { OfferedCertificate, Restrictions } from "../../server/index.ts";
import { parseBlockList } from "../authorized-keys/address-list.ts";
import { LineFault } from "../authorized-keys/line-fault.ts";
import type { TouchRule } from "../touch.ts";

/** What a certificate lets its holder do. */
export interface Terms extends TouchRule {
  readonly restrictions: Restrictions;
}

interface Draft {
  forceCommand?: string;
  sourceAddress?: readonly string[];
  verifyRequired?: boolean;
}

/** Every critical option (OpenSSH PROTOCOL.certkeys), and what it does; false when its data make no sense. */
const criticalOptions: ReadonlyMap<string, (draft: Draft, data: Uint8Array) => boolean> = new Map([
  [
    "force-command",
    (draft: Draft, data: Uint8Array) => {
      const command = optionText(data);
      if (command === undefined) return false;
      draft.forceCommand = command;
      return true;
    },
  ],
  [
    "source-address",
    (draft: Draft, data: Uint8Array) => {
      const list = optionText(data);
      if (list === undefined) return false;
      draft.sourceAddress = parseBlockList(list);
      return true;
    },
  ],
  [
    "verify-required",
    (draft: Draft, data: Uint8Array) => {
      draft.verifyRequired = true;
      return data.length === 0;
    },
  ],
]);

/**
 * What a certificate's options and extensions allow, or why it cannot be used: a critical option that is not known here
 * restricts in a way that nobody would see to. What is not permitted by an extension is forbidden; extensions that are
 * not known permit nothing.
 */
export function termsOf(certificate: OfferedCertificate): Terms | { readonly why: string } {
  const draft: Draft = {};
  for (const [name, data] of certificate.criticalOptions) {
    const option = criticalOptions.get(name);
    if (option === undefined) return { why: "it has a critical option that is unknown" };
    try {
      if (!option(draft, data)) return { why: `its critical option ${name} is malformed` };
    } catch (error) {
      if (error instanceof LineFault) return { why: `its critical option ${name} is malformed: ${error.message}` };
      throw error;
    }
  }
  const { verifyRequired = false, ...restrictions } = draft;
  const lacks = (extension: string): boolean => !certificate.extensions.has(extension);
  return {
    restrictions: {
      ...restrictions,
      ...(lacks("permit-pty") && { noPty: true }),
      ...(lacks("permit-port-forwarding") && { noPortForwarding: true }),
      ...(lacks("permit-agent-forwarding") && { noAgentForwarding: true }),
      ...(lacks("permit-X11-forwarding") && { noX11Forwarding: true }),
      ...(certificate.validBefore !== Infinity && { expires: certificate.validBefore * 1000 }),
    },
    touchRequired: lacks("no-touch-required"),
    verifyRequired,
  };
}
