import { keyboardInteractive } from "./keyboard-interactive.ts";
import type { Method } from "./method.ts";
import { none } from "./none.ts";
import { password } from "./password.ts";
import { publickey, publickeyHostbound } from "./publickey.ts";

const rows: readonly Method[] = [none, publickey, publickeyHostbound, password, keyboardInteractive];

/** Every method that is spoken here, by its name in a request. A map: `constructor` is no method (RFC 4252 §5.1). */
export const methods: ReadonlyMap<string, Method> = new Map(rows.map((row) => [row.name, row]));

/** The names that a server can be configured with, and that a FAILURE can list. */
export const methodNames: ReadonlySet<string> = new Set(
  rows.flatMap(({ listedAs }) => (listedAs === undefined ? [] : [listedAs])),
);
