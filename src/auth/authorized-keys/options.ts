import type { Restrictions } from "../../server/index.ts";
import { parseAddressList } from "./address-list.ts";
import { parseExpiryTime } from "./expiry-time.ts";
import { LineFault } from "./line-fault.ts";
import { parsePermitListen, parsePermitOpen } from "./permit.ts";

/** What the options before a key say. */
export interface KeyOptions {
  readonly restrictions: Restrictions;
  /** The key is a CA's: it is not let in itself, but the certificates that it signs. */
  readonly certAuthority: boolean;
  /** Whom the certificates of a CA have to be for. Empty: for nobody. Absent: for the user who logs in. */
  readonly principals: readonly string[] | undefined;
  /** Somebody has to touch the authenticator of a FIDO key. */
  readonly touchRequired: boolean;
  /** The authenticator of a FIDO key has to have made sure that it is its owner. */
  readonly verifyRequired: boolean;
}

/** {@link KeyOptions} as they gather. */
interface Draft {
  command: string | undefined;
  from: readonly string[] | undefined;
  expires: number | undefined;
  principals: readonly string[] | undefined;
  environment: Record<string, string> | undefined;
  permitOpen: string[] | undefined;
  permitListen: string[] | undefined;
  certAuthority: boolean;
  pty: boolean;
  portForwarding: boolean;
  agentForwarding: boolean;
  x11Forwarding: boolean;
  touchRequired: boolean;
  verifyRequired: boolean;
}

/** An option without a value; `on` is false behind `no-`. */
interface Flag {
  readonly negatable: boolean;
  set(draft: Draft, on: boolean): void;
}

/** An option with a value in quotation marks. */
type Setting = (draft: Draft, value: string) => void;

const flags: ReadonlyMap<string, Flag> = new Map<string, Flag>([
  // sshd(8): what comes behind it opens single things again.
  ["restrict", { negatable: false, set: (draft) => Object.assign(draft, RESTRICTED) }],
  ["cert-authority", { negatable: false, set: (draft) => (draft.certAuthority = true) }],
  ["pty", { negatable: true, set: (draft, on) => (draft.pty = on) }],
  ["port-forwarding", { negatable: true, set: (draft, on) => (draft.portForwarding = on) }],
  ["agent-forwarding", { negatable: true, set: (draft, on) => (draft.agentForwarding = on) }],
  ["x11-forwarding", { negatable: true, set: (draft, on) => (draft.x11Forwarding = on) }],
  ["touch-required", { negatable: true, set: (draft, on) => (draft.touchRequired = on) }],
  ["verify-required", { negatable: true, set: (draft, on) => (draft.verifyRequired = on) }],
  // There is no ~/.ssh/rc here.
  ["user-rc", { negatable: true, set: () => undefined }],
]);

const settings: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  ["command", (draft, value) => (draft.command = once("command", draft.command, value))],
  ["from", (draft, value) => (draft.from = once("from", draft.from, parseAddressList(value)))],
  ["principals", (draft, value) => (draft.principals = once("principals", draft.principals, namesIn(value)))],
  ["expiry-time", (draft, value) => (draft.expires = Math.min(draft.expires ?? Infinity, parseExpiryTime(value)))],
  ["permitopen", (draft, value) => (draft.permitOpen ??= []).push(parsePermitOpen(value))],
  ["permitlisten", (draft, value) => (draft.permitListen ??= []).push(parsePermitListen(value))],
  ["environment", setVariable],
  [
    "tunnel",
    (_draft, value) => {
      // There are no tunnel devices here: which one a client would have to take is of no matter.
      if (!/^(?:any|\d{1,10})$/i.test(value)) throw new LineFault("a tunnel is not the number of a device");
    },
  ],
]);

const OPEN: Readonly<Draft> = {
  command: undefined,
  from: undefined,
  expires: undefined,
  principals: undefined,
  environment: undefined,
  permitOpen: undefined,
  permitListen: undefined,
  certAuthority: false,
  pty: true,
  portForwarding: true,
  agentForwarding: true,
  x11Forwarding: true,
  touchRequired: true,
  verifyRequired: false,
};
const RESTRICTED = { pty: false, portForwarding: false, agentForwarding: false, x11Forwarding: false };

/** The options of a line that has none. */
export const NO_OPTIONS: KeyOptions = optionsOf(OPEN);

/**
 * Reads the options before a key, by the rules of sshd(8) "AUTHORIZED_KEYS FILE FORMAT": names without regard to case,
 * values in quotation marks in which only `\"` stands for another character, commas between, no spaces.
 *
 * @param text one character a byte, without a NUL.
 * @throws {LineFault} for an option that is unknown, broken, or given twice where that makes no sense: a line whose
 * restrictions are not understood to the last is not used.
 */
export function parseOptions(text: string): KeyOptions {
  const draft = { ...OPEN };
  for (let at = 0; ;) {
    const [name = ""] = /^[a-z0-9-]*/i.exec(text.slice(at)) ?? [];
    at += name.length;
    if (text[at] === "=") {
      const { value, end } = unquote(text, at + 1);
      setting(name)(draft, value);
      at = end;
    } else {
      setFlag(draft, name.toLowerCase());
    }
    if (at === text.length) break;
    if (text[at] !== ",") throw new LineFault("something other than a comma follows an option");
    at++;
  }
  if (draft.principals !== undefined && !draft.certAuthority) {
    throw new LineFault("principals are given for a key that is no cert-authority");
  }
  return optionsOf(draft);
}

/** Where the options end that a line begins with: at the first space or tab outside of quotation marks. */
export function endOfOptions(line: string): number {
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === "\\" && line[at + 1] === '"') at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && (character === " " || character === "\t")) return at;
  }
  throw new LineFault(quoted ? "a quotation mark is never closed" : "there is no key behind the options");
}

function setting(name: string): Setting {
  const found = settings.get(name.toLowerCase());
  if (found === undefined) throw new LineFault("it has an option that is unknown, or that takes no value");
  return found;
}

function setFlag(draft: Draft, name: string): void {
  const isNegated = name.startsWith("no-");
  const flag = flags.get(isNegated ? name.slice(3) : name);
  if (flag === undefined || (isNegated && !flag.negatable)) throw new LineFault("it has an option that is unknown");
  flag.set(draft, !isNegated);
}

function unquote(text: string, start: number): { value: string; end: number } {
  if (text[start] !== '"') throw new LineFault("the value of an option does not stand in quotation marks");
  let bytes = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return { value: decode(bytes), end: at + 1 };
    if (text[at] === "\\" && text[at + 1] === '"') at++;
    bytes += text[at];
  }
  throw new LineFault("a quotation mark is never closed");
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A command with a character replaced would be another command. */
function decode(bytes: string): string {
  try {
    return strictUtf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    throw new LineFault("the value of an option is not UTF-8");
  }
}

function once<Value>(name: string, before: Value | undefined, value: Value): Value {
  if (before !== undefined) throw new LineFault(`it has more than one ${name}`);
  return value;
}

function namesIn(value: string): readonly string[] {
  return value.split(",").filter((name) => name !== "");
}

function setVariable(draft: Draft, value: string): void {
  const [, name, content] = /^([A-Za-z0-9_]+)=([^]*)$/.exec(value) ?? [];
  if (name === undefined || content === undefined) throw new LineFault("an environment is not NAME=value");
  // A name such as __proto__ is a name as any other. As in sshd, the first one counts.
  draft.environment ??= Object.create(null) as Record<string, string>;
  draft.environment[name] ??= content;
}

function optionsOf(draft: Readonly<Draft>): KeyOptions {
  const { command, from, expires, environment, permitOpen, permitListen } = draft;
  return {
    restrictions: {
      ...(command !== undefined && { forceCommand: command }),
      ...(from !== undefined && { sourceAddress: from }),
      ...(expires !== undefined && { expires }),
      ...(environment !== undefined && { environment }),
      ...(permitOpen !== undefined && { permitOpen }),
      ...(permitListen !== undefined && { permitListen }),
      ...(!draft.pty && { noPty: true }),
      ...(!draft.portForwarding && { noPortForwarding: true }),
      ...(!draft.agentForwarding && { noAgentForwarding: true }),
      ...(!draft.x11Forwarding && { noX11Forwarding: true }),
    },
    certAuthority: draft.certAuthority,
    principals: draft.principals,
    touchRequired: draft.touchRequired,
    verifyRequired: draft.verifyRequired,
  };
}
