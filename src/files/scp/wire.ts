import { escapeControls } from "../../server/index.ts";
import type { SessionBytes } from "../command/session-bytes.ts";
import { FileError } from "../error.ts";
import type { ScpRecord } from "./records.ts";
import { MAX_RECORD, readRecord } from "./records.ts";

const NEWLINE = 0x0a;
const OK = Uint8Array.of(0);
/** A message to the other end: what follows is shown there, and it goes on. */
const WARNING = "\x01";
/** So many of them are told; a client that provokes more knows. */
const MAX_WARNINGS = 1000;

/** The other end has gone, has given up, or does not speak the protocol: nothing more can be said to it. */
export class ScpAbort extends Error {
  override readonly name = "ScpAbort";
}

/** Both directions of the protocol: lines, answers of one byte, and bytes of files. */
export class ScpWire {
  /** Whether anything went wrong, at either end. */
  hasFailed = false;
  readonly #session: Pick<SessionBytes, "next" | "write" | "isClosed">;
  #left: Uint8Array = new Uint8Array(0);
  #warnings = 0;

  constructor(session: Pick<SessionBytes, "next" | "write" | "isClosed">) {
    this.#session = session;
  }

  /** Says that all is well. */
  ok(): void {
    void this.#session.write(OK);
  }

  /** Sends, and comes back when it has left. @throws ScpAbort when there is nobody to send it to. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#session.isClosed) throw new ScpAbort("the other end has gone");
    await this.#session.write(bytes);
  }

  /** Tells what did not work, and goes on. @param what the path or the name that it is about. @throws ScpAbort after a thousand. */
  warn(text: string, what: string): void {
    if (++this.#warnings > MAX_WARNINGS) throw new ScpAbort("too many errors");
    this.refuse(`${what}: ${text}`);
  }

  /** Tells what did not work. */
  refuse(text: string): void {
    this.hasFailed = true;
    void this.#session.write(Buffer.from(`${WARNING}scp: ${escapeControls(text)}\n`));
  }

  /** The next record; undefined when the client has no more. @throws FileError `INVALID` for a line that is none; ScpAbort. */
  async record(): Promise<ScpRecord | undefined> {
    const line = await this.#line();
    return line === undefined ? undefined : readRecord(line);
  }

  /** Whether the client is well with what was sent last. @throws ScpAbort when it has given up. */
  async isAccepted(): Promise<boolean> {
    const first = await this.#byte();
    if (first === undefined) throw new ScpAbort("the other end has gone");
    return this.#judge(first);
  }

  /** Whether the client could read all of the file that it has sent. Some end here without a word (libssh2). @throws ScpAbort as above. */
  async isWhole(): Promise<boolean> {
    const first = await this.#byte();
    return first === undefined || this.#judge(first);
  }

  /** Bytes of a file, at most so many and at least one. @throws ScpAbort when there are no more. */
  async bytes(limit: number): Promise<Uint8Array> {
    if (this.#left.length === 0 && !(await this.#more())) throw new ScpAbort("the file is cut off");
    const taken = this.#left.subarray(0, limit);
    this.#left = this.#left.subarray(taken.length);
    return taken;
  }

  async #judge(first: number): Promise<boolean> {
    if (first === 0) return true;
    this.hasFailed = true;
    // What it says is for its own user.
    const isWarning = first === 1 && (await this.#line().catch(() => undefined)) !== undefined;
    if (!isWarning) throw new ScpAbort("the other end has given up");
    return false;
  }

  async #byte(): Promise<number | undefined> {
    if (this.#left.length === 0 && !(await this.#more())) return undefined;
    const [byte] = this.#left;
    this.#left = this.#left.subarray(1);
    return byte;
  }

  async #line(): Promise<Uint8Array | undefined> {
    let from = 0;
    for (;;) {
      const end = this.#left.indexOf(NEWLINE, from);
      const length = end < 0 ? this.#left.length : end;
      if (length > MAX_RECORD) throw new FileError("INVALID", `a record of more than ${MAX_RECORD} bytes`);
      if (end >= 0) {
        const line = this.#left.subarray(0, end);
        this.#left = this.#left.subarray(end + 1);
        return line;
      }
      from = length;
      if (!(await this.#more())) {
        if (length > 0) throw new ScpAbort("the record is cut off");
        return undefined;
      }
    }
  }

  /** Waits for bytes behind those that are left. */
  async #more(): Promise<boolean> {
    const bytes = await this.#session.next();
    if (bytes === undefined) return false;
    this.#left = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
    return true;
  }
}
