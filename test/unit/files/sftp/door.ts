/** A session of SFTP without a server: bytes in, bytes out. */
import type { FileSystem } from "../../../../src/files/index.ts";
import { SftpSession } from "../../../../src/files/sftp/session.ts";
import { Buffers } from "../../../../src/files/sftp/wire/buffers.ts";
import { SftpClient } from "../../../sftp/index.ts";

/** What the session did, and its client. */
export interface Subject {
  readonly session: SftpSession;
  readonly client: SftpClient;
  /** What the file system threw that is no refusal. */
  readonly faults: { readonly operation: string; readonly error: unknown }[];
  readonly link: Link;
}

/** The client's end of the channel. */
class Link {
  /** Bytes that the session has taken. */
  consumed = 0;
  /** Bytes that the session has written. */
  written = 0;
  /** Whether the client has stopped to read. */
  isStuck = false;
  receive: (bytes: Uint8Array) => void = () => undefined;
  #held: Uint8Array[] = [];

  write(bytes: Uint8Array): boolean {
    this.written += bytes.length;
    // What was said to have left is the session's again: nothing of it may be looked at later.
    if (!this.isStuck) this.receive(bytes.slice());
    else this.#held.push(bytes);
    return !this.isStuck;
  }

  /** The client reads again. */
  read(session: SftpSession): void {
    this.isStuck = false;
    for (const bytes of this.#held.splice(0)) this.receive(bytes.slice());
    session.drained();
  }
}

/** Opens a session, and greets it unless told otherwise. */
export async function openSftp(
  fileSystem: FileSystem,
  { home = "/", greet = true, clientVersion = "SSH-2.0-OpenSSH_10.5" } = {},
): Promise<Subject> {
  const link = new Link();
  const faults: Subject["faults"] = [];
  const port = {
    write: (bytes: Uint8Array) => link.write(bytes),
    consumed: (bytes: number) => void (link.consumed += bytes),
  };
  const session = new SftpSession(port, {
    fileSystem,
    buffers: new Buffers(),
    home,
    username: "ada",
    clientVersion,
    failed: (operation, error) => void faults.push({ operation, error }),
  });
  const client = new SftpClient((bytes) => session.data(bytes));
  link.receive = (bytes) => client.receive(bytes);
  if (greet) await client.begin();
  return { session, client, faults, link };
}
