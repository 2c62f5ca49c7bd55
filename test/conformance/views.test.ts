/** What a view does not forbid is as it is without the view. */
import { hooks, memory, mount, quota, rate, union } from "../../src/files/index.ts";
import type { FileSystem } from "../../src/files/index.ts";
import { audited } from "../../src/files/views/audit.ts";
import { testFileSystem } from "./file-system.ts";
import type { Backend } from "./file-system.ts";

type Whole = Awaited<ReturnType<Backend["make"]>>;

const client = { username: "ada", connection: { id: "1", peer: { address: "192.0.2.1" } } } as Parameters<
  typeof audited
>[1];

const views: Readonly<Record<string, (files: FileSystem) => FileSystem>> = {
  hooks: (files) => hooks(files, {}),
  quota: (files) => quota(files, { maxBytes: 2 ** 40, maxEntries: 10_000 }),
  rate: (files) => rate(files, { upload: 2 ** 40, download: 2 ** 40 }),
  audit: (files) => audited(files, client, () => undefined),
  "mount at the root": (files) => mount({ "/": files }),
  "union with nothing": (files) => union(files, memory()),
};

for (const [name, view] of Object.entries(views)) {
  testFileSystem({ name, make: () => view(memory()) as Whole });
}
