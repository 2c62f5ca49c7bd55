import { KeyError, parsePublicKey } from "../../crypto/index.ts";
import type { PublicKey } from "../../crypto/index.ts";
import type { NumberedFault } from "./line-fault.ts";
import { LineFault } from "./line-fault.ts";
import type { KeyOptions } from "./options.ts";
import { endOfOptions, NO_OPTIONS, parseOptions } from "./options.ts";

/** The most that a file of keys may hold, in bytes. */
export const MAX_KEYS_LENGTH = 65_536;
/** The longest line that is read, in bytes; a longer one is passed over whole (dropbear 8b579571 read its end as a line). */
const MAX_LINE_LENGTH = 8192;

/** A line of an authorized_keys file. */
export interface KeyEntry {
  /** Its number, from 1 on. */
  readonly line: number;
  readonly key: PublicKey;
  readonly options: KeyOptions;
  /** Whether any were given, even such as change nothing. */
  readonly hasOptions: boolean;
}

/** What an authorized_keys file says, and which of its lines say nothing that is understood. */
export interface KeyEntries {
  readonly entries: readonly KeyEntry[];
  readonly faults: readonly NumberedFault[];
}

/** A line begins with the name of a key type, and not with options. No option is called so. */
const KEY_TYPE = /^(?:ssh|ecdsa|sk)-[^\s",=]*(?=[ \t])/;

/**
 * Reads an authorized_keys file (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"). A line that is not understood to the last byte
 * that matters is not used at all, and does not keep the others from being so.
 */
export function parseAuthorizedKeys(bytes: Uint8Array): KeyEntries {
  const entries: KeyEntry[] = [];
  const faults: NumberedFault[] = [];
  // One character a byte: positions stay what they are, and a comment in another encoding does no harm.
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1").split("\n");
  for (const [index, line] of lines.entries()) {
    try {
      const entry = parseLine(line);
      if (entry !== undefined) entries.push({ line: index + 1, ...entry });
    } catch (error) {
      if (!(error instanceof LineFault) && !(error instanceof KeyError)) throw error;
      faults.push({ line: index + 1, why: error.message });
    }
  }
  return { entries, faults };
}

function parseLine(raw: string): Omit<KeyEntry, "line"> | undefined {
  if (raw.length > MAX_LINE_LENGTH) throw new LineFault(`it is longer than ${MAX_LINE_LENGTH} bytes`);
  const line = raw.replace(/\r$/, "").replace(/^[ \t]+/, "");
  if (line === "" || line.startsWith("#")) return undefined;
  // What a program in C reads ends there: it would be another line to it.
  if (line.includes("\0")) throw new LineFault("it has a NUL in it");
  const end = KEY_TYPE.test(line) ? 0 : endOfOptions(line);
  const options = end === 0 ? NO_OPTIONS : parseOptions(line.slice(0, end));
  const [type = "", base64 = ""] = line
    .slice(end)
    .replace(/^[ \t]+/, "")
    .split(/[ \t]+/, 2);
  if (!KEY_TYPE.test(`${type} `)) throw new LineFault("there is no type of key behind the options");
  const key = parsePublicKey(`${type} ${base64}`);
  if (key.certificate !== undefined) {
    throw new LineFault("a certificate is listed: list its CA, with the option cert-authority");
  }
  if (options.verifyRequired && !options.certAuthority && !key.type.startsWith("sk-")) {
    throw new LineFault("verify-required is for FIDO keys (sk-…): no other key can show who used it");
  }
  return { key, options, hasOptions: end > 0 };
}
