import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const parent = mkdtempSync(join(tmpdir(), "sallyport-test-"));
process.on("exit", () => rmSync(parent, { recursive: true, force: true }));
let counter = 0;

/** A new folder, which goes away with the process. */
export function makeFolder(): string {
  const folder = join(parent, String(counter++));
  mkdirSync(folder);
  return folder;
}
