import { joinPath } from "../../../../src/files/index.ts";
import type { MemoryFileSystem } from "../../../../src/files/index.ts";

/** What the files really have. */
export function truth(files: MemoryFileSystem): { bytes: number; entries: number } {
  const total = { bytes: 0, entries: 0 };
  const named = new Set<string | undefined>();
  const visit = (path: string): void => {
    for (const { name, attributes } of files.readdir(path)) {
      total.entries++;
      if (attributes.type === "directory") visit(joinPath(path, name));
      if (attributes.type === "file" && !named.has(attributes.identity)) total.bytes += attributes.size;
      named.add(attributes.identity);
    }
  };
  visit("/");
  return total;
}
