/** Programmable SSH servers: handlers for what a visitor does, and nothing else to write. */
import type { PublicKey } from "./crypto/index.ts";
import type { DefaultState, Door, ListenOptions } from "./server/index.ts";
import { ServerCore } from "./server/index.ts";
import { SshDoor } from "./ssh/index.ts";

export { KeyError, parsePublicKey } from "./crypto/index.ts";
export type { KeyErrorCode, PublicKey } from "./crypto/index.ts";
export * from "./server/index.ts";

/**
 * An SSH server: visitors come in with plain `ssh`, and handlers serve them.
 *
 *     const ssh = new Server({ allowAnyone: true });
 *     ssh.onUser("command", (client, command) => client.sendln(`You said ${command}.`));
 *     await ssh.run({ port: 2222 });
 */
export class Server<State = DefaultState> extends ServerCore<State> {
  #door: SshDoor | undefined;

  /** The public keys by which clients know this host; empty before {@link ServerCore.run}. */
  get hostKeys(): readonly PublicKey[] {
    return this.#door?.hostKeys ?? [];
  }

  protected override makeDoors(listen: Required<ListenOptions>): readonly Door[] {
    this.#door = new SshDoor({ ...this.options, ...listen });
    return [this.#door];
  }
}
