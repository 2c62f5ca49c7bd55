import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./keys.ts";
import { run } from "./program.ts";

/** A CA whose key lies in a file, and which signs by `ssh-keygen`. */
export class Authority {
  /** Its private key; the public one lies beside it. */
  readonly file: string = join(makeFolder(), "ca");
  readonly #keygen: string;

  constructor(keygen: string) {
    this.#keygen = keygen;
  }

  /** @param args the type of its key, for `ssh-keygen`. */
  static async make(keygen: string, args: readonly string[] = ["-t", "ed25519"]): Promise<Authority> {
    const authority = new Authority(keygen);
    await authority.#run("-q", ...args, "-N", "", "-C", "", "-f", authority.file);
    return authority;
  }

  get publicFile(): string {
    return `${this.file}.pub`;
  }

  /** Its public key, as an authorized_keys file has it. */
  get line(): string {
    return readFileSync(this.publicFile, "utf8").trim();
  }

  /** Signs a copy of a public key; gives the certificate's file. */
  async certify(publicFile: string, args: readonly string[]): Promise<string> {
    const copy = join(makeFolder(), "key.pub");
    copyFileSync(publicFile, copy);
    await this.#run("-q", "-s", this.file, ...args, copy);
    return copy.replace(/\.pub$/, "-cert.pub");
  }

  /**
   * Makes a list of what is revoked, or adds to one.
   *
   * @param specification the text of a KRL specification; "" for none.
   * @param files keys and certificates.
   */
  async revoke(krl: string, specification: string, files: readonly string[] = [], update = false): Promise<void> {
    const given = join(makeFolder(), "specification");
    writeFileSync(given, specification);
    const listed = specification === "" ? files : [given, ...files];
    await this.#run("-q", "-k", ...(update ? ["-u"] : []), "-f", krl, "-s", this.publicFile, ...listed);
  }

  async #run(...args: readonly string[]): Promise<void> {
    const { status, stderr } = await run(this.#keygen, args);
    assert.equal(status, 0, stderr);
  }
}
