import type { Opener } from "../crypto/index.ts";
import { Msg } from "../wire/index.ts";
import type { Agreement } from "./algorithms.ts";

/**
 * Where a connection's transport is. The data that is valid only in one state lives in that state.
 *
 * Theory of operation. A connection walks down the first five states once: the client names itself, the first key
 * exchange runs (two messages and NEWKEYS), the client asks for the authentication service, logs in. From then on it is
 * `open`, and either side may begin another key exchange: when we do, we wait in `rekey-kexinit`, where the client may
 * still send anything because our KEXINIT may not have reached it; once its KEXINIT is here, only the exchange and the
 * four messages of RFC 4253 §11 may come until its NEWKEYS.
 */
export type State =
  | { readonly name: "identification" | "kexinit"; readonly serverKexInit: Uint8Array }
  | ({ readonly name: "exchange" | "strict-exchange" | "rekey-exchange" } & Exchange)
  | { readonly name: "newkeys" | "strict-newkeys" | "rekey-newkeys"; readonly opener: Opener }
  | { readonly name: "service" }
  | { readonly name: "login" }
  | { readonly name: "open" }
  | { readonly name: "rekey-kexinit"; readonly serverKexInit: Uint8Array }
  | { readonly name: "ended" };

/** Both KEXINITs are here, the client's public value is awaited. */
export interface Exchange {
  readonly agreement: Agreement;
  readonly clientKexInit: Uint8Array;
  readonly serverKexInit: Uint8Array;
  /** The next packet answers a wrong guess and is dropped (RFC 4253 §7). */
  readonly dropGuess: boolean;
}

export type StateName = State["name"];

/** What is done with a message; each is one method of the transport. */
export type Action =
  | "disconnect"
  | "ignore"
  | "extInfo"
  | "kexInit"
  | "kexEcdhInit"
  | "newKeys"
  | "serviceRequest"
  | "userauth"
  | "connection"
  | "ping"
  | "unimplemented";

type Row = Readonly<Record<number, Action>>;

// RFC 4253 §11: allowed at any time, but not in a strict first exchange.
const always: Row = {
  [Msg.DISCONNECT]: "disconnect",
  [Msg.IGNORE]: "ignore",
  [Msg.UNIMPLEMENTED]: "ignore",
  [Msg.DEBUG]: "ignore",
};
const range = (from: number, to: number, action: Action): Row =>
  Object.fromEntries(Array.from({ length: to - from + 1 }, (_, i) => [from + i, action]));

// RFC 4253 §11.4: after the login an unknown message is answered. The messages of a key exchange are not unknown: they
// are out of order, and absent from the row.
const openRow: Row = {
  ...range(1, 19, "unimplemented"),
  ...range(50, 255, "unimplemented"),
  ...always,
  [Msg.KEXINIT]: "kexInit",
  // RFC 4252 §5.1: further requests are ignored silently; the authentication layer does so.
  [Msg.USERAUTH_REQUEST]: "userauth",
  ...range(80, 127, "connection"),
  [Msg.PING]: "ping",
};

/**
 * The one table of what a client may send: state × message number. What is absent ends the connection.
 *
 * Before the first NEWKEYS only the exchange itself has entries (CVE-2023-46445, CVE-2025-32433), and in a strict
 * exchange not even the messages of RFC 4253 §11 (CVE-2023-48795).
 */
export const transportTable: Readonly<Record<StateName, Row>> = {
  identification: {},
  // Whether the exchange is strict shows in the KEXINIT; if it is, `kexInit` refuses what came before it.
  kexinit: { ...always, [Msg.KEXINIT]: "kexInit" },
  exchange: { ...always, [Msg.KEX_ECDH_INIT]: "kexEcdhInit" },
  "strict-exchange": { [Msg.DISCONNECT]: "disconnect", [Msg.KEX_ECDH_INIT]: "kexEcdhInit" },
  newkeys: { ...always, [Msg.NEWKEYS]: "newKeys" },
  "strict-newkeys": { [Msg.DISCONNECT]: "disconnect", [Msg.NEWKEYS]: "newKeys" },
  // RFC 8308 §2.4: a client's EXT_INFO is its first message after NEWKEYS or does not come.
  service: { ...always, [Msg.EXT_INFO]: "extInfo", [Msg.SERVICE_REQUEST]: "serviceRequest" },
  login: { ...always, [Msg.SERVICE_REQUEST]: "serviceRequest", ...range(50, 79, "userauth") },
  open: openRow,
  "rekey-kexinit": openRow,
  "rekey-exchange": { ...always, [Msg.KEX_ECDH_INIT]: "kexEcdhInit" },
  "rekey-newkeys": { ...always, [Msg.NEWKEYS]: "newKeys" },
  ended: {},
};
