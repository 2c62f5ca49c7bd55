import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

/** A folder of one's own for the tests of a file; it is gone behind them. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-accounts-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
