import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder with the keys and programs of one run. */
export interface Workspace {
  readonly folder: string;
  readonly hostKey: string;
  readonly userKey: string;
  /** Public keys, as in authorized_keys. */
  readonly hostPublicKey: string;
  readonly userPublicKey: string;
  /** Where Sallyport's CPU profiles go, if they are wanted. */
  profiles?: string;
  /** A file of this many MiB of zeros that takes no room on the disk. */
  zeros(mebibytes: number, folder?: string): string;
  /** The folder whose files are served, while they are. */
  files?: string;
  remove(): void;
}

export function makeWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
  const [hostKey, userKey] = ["host", "user"].map((name) => {
    const file = join(folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
    return file;
  }) as [string, string];
  return {
    folder,
    hostKey,
    userKey,
    hostPublicKey: `${hostKey}.pub`,
    userPublicKey: `${userKey}.pub`,
    zeros(mebibytes: number, among: string = folder): string {
      const file = join(among, `zeros-${mebibytes}`);
      if (existsSync(file)) return file;
      writeFileSync(file, "");
      truncateSync(file, mebibytes * 1024 * 1024);
      // The first read of a hole costs the kernel a page of memory each; what is measured must not pay for it.
      execFileSync("cat", [file], { stdio: "ignore" });
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
