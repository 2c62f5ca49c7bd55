import { FileError } from "../error.ts";
import { joinPath } from "../path.ts";
import type { DirectoryNode, Node } from "./nodes.ts";

/** As Linux has it. */
const MAX_LINKS = 40;

/** Where a path leads: the directory that it ends in, the name there, and what has the name, if anything. */
export interface Place {
  readonly directory: DirectoryNode;
  /** Empty for the root. */
  readonly name: string;
  readonly node: Node | undefined;
}

/**
 * Walks a path from the root. Links on the way are followed, where they lead within the root, as on a disk whose root this is; that in the
 * last component only with `follow`.
 *
 * @throws FileError `NOT_FOUND`, `NOT_A_DIRECTORY` or `LOOP`; not for a last component that is not there.
 */
export function walk(root: DirectoryNode, path: string, follow: boolean): Place {
  const left = path.split("/").toReversed();
  let place: Place = { directory: root, name: "", node: root };
  let links = 0;
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === "" || name === ".") continue;
    const directory = directoryOf(place.node);
    place = name === ".." ? above(directory) : { directory, name, node: directory.entries.get(name) };
    if (place.node?.type !== "symlink" || (isLast(left) && !follow)) continue;
    if (++links > MAX_LINKS) throw new FileError("LOOP");
    const { target } = place.node;
    left.push(...target.split("/").toReversed());
    place = target.startsWith("/")
      ? { directory: root, name: "", node: root }
      : { directory, name: "", node: directory };
  }
  return place;
}

/** The path of a place without links. */
export function pathOf({ directory, name, node }: Place): string {
  if (node?.type === "directory") return directoryPath(node);
  return joinPath(directoryPath(directory), name);
}

function directoryPath(directory: DirectoryNode): string {
  const names: string[] = [];
  for (let here = directory; here.parent !== here; here = here.parent) {
    const { parent } = here;
    for (const [name, node] of parent.entries) if (node === here) names.unshift(name);
  }
  return `/${names.join("/")}`;
}

function directoryOf(node: Node | undefined): DirectoryNode {
  if (node === undefined) throw new FileError("NOT_FOUND");
  if (node.type !== "directory") throw new FileError("NOT_A_DIRECTORY");
  return node;
}

function above({ parent }: DirectoryNode): Place {
  return { directory: parent, name: "", node: parent };
}

function isLast(left: readonly string[]): boolean {
  return left.every((name) => name === "" || name === ".");
}
