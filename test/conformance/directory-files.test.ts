import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directory } from "../../src/files/index.ts";
import type { DirectoryOptions } from "../../src/files/index.ts";
import { testFileSystem } from "./file-system.ts";

const ways: Readonly<Record<string, DirectoryOptions>> = {
  directory: { links: "any" },
  "directory in place": { links: "any", uploads: "in-place" },
};

for (const [name, options] of Object.entries(ways)) {
  testFileSystem({
    name,
    make(t) {
      const root = mkdtempSync(join(tmpdir(), "sallyport-directory-"));
      t.after(() => rmSync(root, { recursive: true, force: true }));
      return directory(root, options);
    },
  });
}
