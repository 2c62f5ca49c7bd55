/** Programmable SSH servers: handlers for what a visitor does, and nothing else to write. */
import type { PublicKey } from "./crypto/index.ts";
import type { DefaultState, Door, ListenOptions } from "./server/index.ts";
import { ConfigError, ServerCore } from "./server/index.ts";
import { SshDoor } from "./ssh/index.ts";

export { KeyError, parsePublicKey } from "./crypto/index.ts";
export type { Attestation, Certificate, KeyErrorCode, PublicKey, Touch } from "./crypto/index.ts";
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

  /**
   * Reads the host keys and certificates again, for the connections that come from now on: a new key, a renewed
   * certificate. Those that are in stay as they are.
   *
   * @throws ConfigError `BAD_HOST_KEY`; the keys of before stay in use then. `WRONG_STATE` when the server does not run.
   */
  async reloadHostKeys(): Promise<void> {
    if (this.#door === undefined)
      throw new ConfigError("WRONG_STATE", "Only a server that runs has host keys to reload.");
    await this.#door.reloadHostKeys();
  }

  protected override makeDoors(listen: Required<ListenOptions>): readonly Door[] {
    this.#door = new SshDoor({ ...this.options, ...listen, hostKeys: this.options.hostKeys });
    return [this.#door];
  }
}
