import { messages } from "../../src/wire/index.ts";
import type { Message, Struct } from "../../src/wire/index.ts";
import * as layout from "../../src/wire/layout.ts";
import type { Field, Layout } from "../../src/wire/layout.ts";
import type { Random } from "./random.ts";

const NAMES = [
  "session",
  "direct-tcpip",
  "shell",
  "exec",
  "subsystem",
  "pty-req",
  "env",
  "window-change",
  "signal",
  "ssh-userauth",
  "ssh-connection",
  "none",
  "password",
  "publickey",
  "keyboard-interactive",
  "keepalive@openssh.com",
  "no-more-sessions@openssh.com",
  "tcpip-forward",
  "curve25519-sha256",
  "aes128-ctr",
  "ssh-ed25519",
  "constructor",
  "__proto__",
  "",
];

const text = (random: Random): string =>
  random.pick([...NAMES, "alice", "\0", "\x1b[2J", "ü", "x".repeat(random.length(3000))]);
const name = (random: Random): string => random.pick(NAMES);
const bytes = (random: Random): Uint8Array => random.bytes(random.length(2000));

/** What to put into a field of each kind. */
const values: ReadonlyMap<Field<unknown>, (random: Random) => unknown> = new Map<
  Field<unknown>,
  (random: Random) => unknown
>([
  [layout.byte, (random) => random.below(256)],
  [layout.boolean, (random) => random.chance(0.5)],
  // Numbers of channels are small; a random one would never hit.
  [layout.uint32, (random) => (random.chance(0.6) ? random.below(4) : random.uint32())],
  [layout.string, bytes],
  [layout.utf8, text],
  [layout.text, text],
  [layout.name, name],
  [layout.anyName, name],
  [layout.nameList, (random) => Array.from({ length: random.length(200) }, () => random.pick(NAMES.slice(0, -1)))],
  [layout.rest, bytes],
  [messages.kexInit.layout["cookie"]!, (random) => random.bytes(16)],
]);

/** Every message and structure by the name of its codec. */
export const structs: ReadonlyMap<string, Struct<unknown>> = new Map(
  Object.entries(messages) as [string, Struct<unknown>][],
);
/** Those of them that are messages. */
export const allMessages: readonly Message<unknown>[] = [...structs.values()].filter(
  (codec): codec is Message<unknown> => "number" in codec,
);

/** A well-formed message of this kind with values that nobody sends. */
export function sample(codec: Struct<unknown>, random: Random): Uint8Array {
  return codec.encode(fill(codec.layout, random));
}

function fill(fields: Layout, random: Random): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, values.get(field)!(random)]));
}
