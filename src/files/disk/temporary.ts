import { randomBytes } from "node:crypto";

/** What the new content of a file is called until it is whole, with 16 letters and digits behind it. */
export const TEMPORARY = ".sallyport-upload-";

/** Those that are being written to, by their names: each is given once. */
const inUse = new Set<string>();

/** Gives a name for the new content of a file. It is nobody's until {@link release}. */
export function takeName(): string {
  const name = `${TEMPORARY}${randomBytes(10).toString("base64url").replaceAll(/[-_]/g, "x")}`;
  inUse.add(name);
  return name;
}

/** What had the name is in its place, or gone. */
export function release(name: string): void {
  inUse.delete(name);
}

/**
 * Whether a name is that of content that is not whole yet. Clients do not see it and cannot use it: whoever moved or removed it would change what
 * another's upload becomes, and how many entries there are. What a server that was killed has left behind is a file as others.
 */
export function isInUse(name: string): boolean {
  return name.startsWith(TEMPORARY) && inUse.has(name);
}
