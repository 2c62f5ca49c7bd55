import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { user } from "../../../../src/cli/user.ts";
import { Accounts, sqliteStore } from "../../../../src/accounts/index.ts";
import { FakeConsole } from "../fake-console.ts";

/** A folder for the stores and files of a test file. */
export const folder: string = mkdtempSync(join(tmpdir(), "sallyport-user-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A public key of the fixtures, as a file and by its fingerprint. */
export const KEY = {
  file: new URL("../../crypto/fixtures/ed25519.pub", import.meta.url).pathname,
  fingerprint: "SHA256:jwP6vYQiy3IpcvPm4mbMzLf3QfXt5MTx/zCE96xHPVU",
} as const;
export const RSA_KEY = {
  file: new URL("../../crypto/fixtures/rsa-2048.pub", import.meta.url).pathname,
  fingerprint: "SHA256:kMYzF4P2I0+erRGYCneMTTCxCubRWf15dKy7C25Ya98",
} as const;

/** Somebody who calls `sallyport user` on one store. */
export class Operator {
  readonly file: string = join(folder, `${randomUUID()}.sqlite`);

  /** Gives what it prints. */
  async run(args: readonly string[], answers: readonly string[] = [], interactive = true): Promise<string[]> {
    return (await this.ask(args, new FakeConsole(answers, interactive))).lines;
  }

  async ask(args: readonly string[], console: FakeConsole): Promise<FakeConsole> {
    // Behind -- there are no options any more.
    const at = args.includes("--") ? args.indexOf("--") : args.length;
    await user.run(args.toSpliced(at, 0, "--store", this.file), console);
    return console;
  }

  /** Looks into the store as an app does. */
  async look<Value>(at: (accounts: Accounts) => Promise<Value>): Promise<Value> {
    const accounts = new Accounts({ store: sqliteStore(this.file) });
    try {
      return await at(accounts);
    } finally {
      await accounts.close();
    }
  }
}
