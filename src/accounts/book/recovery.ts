import { createHash, randomInt } from "node:crypto";

/** Letters and digits that are not taken for others when they are read or copied by hand: 32 of them, 5 bits each. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const GROUP = 4;

/** A code of random characters in groups: 16 characters are 80 bits, which no hash has to be slow for. */
export function newCode(length: number): string {
  const characters = Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]);
  const groups = Array.from({ length: length / GROUP }, (_, at) =>
    characters.slice(at * GROUP, (at + 1) * GROUP).join(""),
  );
  return groups.join("-");
}

/** What is kept of a code, however it is typed. */
export function hashCode(id: string, typed: string): string {
  const code = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
  return createHash("sha256").update(`${id}:${code}`).digest("base64");
}
