const MAX_USER_LENGTH = 255;

/**
 * Control characters, and those that are not seen but change how the rest is shown: bidirectional overrides, zero-width
 * characters, line and paragraph separators. A name with one of them reads as another name in a log or on a terminal.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

// As Reader.utf8, but here a wrong byte spoils the attempt and not the connection.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Why nobody can have this user name, or undefined. The reason holds no part of the name. */
export function userNameFault(user: string): string | undefined {
  if (user === "") return "the user name is empty";
  if (Buffer.byteLength(user) > MAX_USER_LENGTH) return `the user name is over ${MAX_USER_LENGTH} bytes`;
  // It would be an option where the name becomes an argument of a program.
  if (user.startsWith("-")) return "the user name begins with a hyphen";
  if (UNSEEN.test(user)) return "the user name has control or invisible characters";
  return undefined;
}

/** Text that the client typed: undefined when it is longer than `limit` bytes or not valid UTF-8. */
export function secretText(bytes: Uint8Array, limit: number): string | undefined {
  if (bytes.length > limit) return undefined;
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined; // the caller makes a failed attempt of it
  }
}
