/** As on memory, on a disk: what takes time, replaces files in the end, and has links of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directory, hooks, memory, mount, quota, union } from "../../src/files/index.ts";
import type { FileSystem } from "../../src/files/index.ts";
import { testFileSystem } from "./file-system.ts";
import type { Backend } from "./file-system.ts";

type Whole = Awaited<ReturnType<Backend["make"]>>;

const views: Readonly<Record<string, (files: FileSystem) => FileSystem>> = {
  hooks: (files) => hooks(files, {}),
  quota: (files) => quota(files, { maxBytes: 2 ** 40, maxEntries: 10_000 }),
  mount: (files) => mount({ "/": files }),
  "union with nothing": (files) => union(files, memory()),
};

for (const [name, view] of Object.entries(views)) {
  testFileSystem({
    name: `${name} of a directory`,
    make(t) {
      const root = mkdtempSync(join(tmpdir(), "sallyport-views-"));
      t.after(() => rmSync(root, { recursive: true, force: true }));
      return view(directory(root, { links: "any" })) as Whole;
    },
  });
}
