import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";

/** A folder with files of code, until the end of the test. */
export interface CodeFolder {
  readonly path: string;
  /** Writes a file, and gives its path. */
  readonly write: (name: string, code: string) => string;
  /** The path of a file. */
  readonly at: (name: string) => string;
}

export function makeCodeFolder(t: TestContext): CodeFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), "sallyport-code-")));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const at = (name: string): string => join(path, name);
  const write = (name: string, code: string): string => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), code);
    return at(name);
  };
  // Otherwise Node would find out with a warning.
  write("package.json", '{ "type": "module" }');
  return { path, at, write };
}
