import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A folder of one's own for the tests of a file; it is gone behind them. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-auth-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a file with a mode that does not depend on the umask. */
export function put(path: string, content: string | Uint8Array, mode = 0o600): string {
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}
