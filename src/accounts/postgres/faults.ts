import { escapeControls } from "../../server/index.ts";
import type { AccountErrorCode } from "../error.ts";
import { AccountError } from "../error.ts";

/** What a fault of the database means for the store. */
export interface Fault {
  readonly code: AccountErrorCode;
  /** What to do about it. */
  readonly remedy: string;
  /** The connection that reported it cannot be used again. */
  readonly breaks?: true;
  /** The connection is gone, as when the database was started anew. */
  readonly lost?: true;
  /** It came of doing things at the same moment: once more, and it goes well. */
  readonly passes?: true;
}

const FOREIGN: Fault = {
  code: "STORE_CORRUPT",
  remedy: "these tables are not those of this store: give it a schema of its own by the option schema",
};
const DAMAGED: Fault = { code: "STORE_CORRUPT", remedy: "the database is damaged: restore it from a backup" };
const STRANGER: Fault = {
  code: "STORE_UNAVAILABLE",
  remedy: "check user and password of the connection, and pg_hba.conf of the server",
  breaks: true,
};
const AWAY: Fault = {
  code: "STORE_UNAVAILABLE",
  remedy: "see whether the database runs; it is tried again with the next request",
  breaks: true,
  lost: true,
};
const SLOW: Fault = { code: "STORE_UNAVAILABLE", remedy: "look at its load and locks, or raise the option patience" };

/** By SQLSTATE (PostgreSQL, Appendix A), or by the class that its first two characters are. */
const FAULTS: Readonly<Record<string, Fault>> = {
  "08": AWAY,
  "22": { code: "BAD_VALUE", remedy: "PostgreSQL cannot hold such text" },
  "25006": { code: "STORE_READ_ONLY", remedy: "it is a standby, or set to read only: connect to the primary" },
  "28": STRANGER,
  "3D000": { code: "STORE_UNAVAILABLE", remedy: "make it with createdb, or name another", breaks: true },
  "3F000": FOREIGN,
  "40001": { code: "STORE_UNAVAILABLE", remedy: "try again", passes: true },
  "40P01": { code: "STORE_UNAVAILABLE", remedy: "try again", passes: true },
  "42501": { code: "STORE_READ_ONLY", remedy: "grant the rights on the schema and its tables to this user" },
  "42703": FOREIGN,
  "42804": FOREIGN,
  "42883": FOREIGN,
  "42P01": FOREIGN,
  "42P07": FOREIGN,
  "53": { code: "STORE_UNAVAILABLE", remedy: "it is short of memory, disk or connections", breaks: true },
  "55P03": SLOW,
  "57": AWAY,
  "57014": SLOW,
  "58": { code: "STORE_UNAVAILABLE", remedy: "look at its log", breaks: true },
  XX001: DAMAGED,
  XX002: DAMAGED,
};

/** What only the package says, in words: it has no codes of its own. */
const CLIENT_FAULTS: readonly (readonly [said: RegExp, fault: Fault])[] = [
  [/timeout/i, { ...SLOW, breaks: true }],
  [/SASL|password must be a string/, STRANGER],
  [
    /certificate|SSL|TLS/i,
    { code: "STORE_UNAVAILABLE", remedy: "check sslmode and sslrootcert of the URL", breaks: true },
  ],
];

/** A fault of the database or of the way to it. It stays within the store, which makes an `AccountError` of it. */
export class DatabaseFault extends Error {
  override readonly name = "DatabaseFault";
  readonly fault: Fault;
  /** A connection that was open has turned out to be gone: another may do. */
  readonly isLost: boolean;
  /** The table that has such a row already, and what is in it twice. */
  readonly duplicate: { readonly table: string; readonly value: string } | undefined;

  /**
   * It has no `cause`: errors of the package carry whole rows, and may lead to the connection with its password.
   *
   * @param wasOpen whether there was a connection.
   */
  constructor(error: unknown, wasOpen: boolean = true) {
    const { code, message, table, detail } = partsOf(error);
    const said = message.includes(code) ? message : [message, code].filter((part) => part !== "").join(", ");
    super(escapeControls(said, { limit: 300 }));
    this.fault =
      FAULTS[code] ??
      FAULTS[code.slice(0, 2)] ??
      CLIENT_FAULTS.find(([said]) => said.test(message))?.[1] ??
      // Errors of sockets and of TLS have codes of another form, such as EPIPE.
      (/^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? { code: "STORE_UNAVAILABLE", remedy: "look at its log" } : AWAY);
    this.isLost = wasOpen && this.fault.lost === true;
    this.duplicate = code === "23505" ? { table, value: /\)=\((.*)\)/.exec(detail)?.[1] ?? "" } : undefined;
  }

  /** @param addition what else there is to know. */
  toError(place: string, addition: string = ""): AccountError {
    const { code, remedy } = this.fault;
    return new AccountError(code, `The account store in ${place}: ${this.message}: ${remedy}.${addition}`);
  }
}

/** What is needed of an error of the package; "" for what it does not have. */
function partsOf(error: unknown): Readonly<Record<"code" | "message" | "table" | "detail", string>> {
  if (!(error instanceof Error)) return { code: "", message: String(error), table: "", detail: "" };
  const part = (name: string): string => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === "string" ? value : "";
  };
  return { code: part("code"), message: error.message, table: part("table"), detail: part("detail") };
}
