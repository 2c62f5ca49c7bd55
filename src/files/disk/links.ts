import { FileError } from "../error.ts";
import type { DirectoryRules } from "./rules.ts";

/**
 * The text that a link is given on the disk.
 *
 * @param directory the path of the directory that the link is made in, without links.
 * @throws FileError `PERMISSION_DENIED` for one that is not allowed.
 */
export function targetOnDisk(target: string, directory: string, rules: DirectoryRules): string {
  if (target === "" || target.includes("\0")) throw new FileError("INVALID");
  if (rules.links === "none") throw new FileError("PERMISSION_DENIED", "No links can be made here");
  if (rules.links === "any") return target;
  if (target.startsWith("/")) return relativeTo(directory, target);
  // As it is read component by component: once above the root it is out, even if it comes back by the root's own name.
  let depth = componentsOf(directory).length;
  for (const component of componentsOf(target)) {
    if (component === ".") continue;
    depth += component === ".." ? -1 : 1;
    if (depth < 0) throw new FileError("PERMISSION_DENIED", "The link would lead out of the files that are served");
  }
  return target;
}

function relativeTo(directory: string, target: string): string {
  const up = componentsOf(directory).map(() => "..");
  // `..` at the root stays there.
  const down: string[] = [];
  for (const component of componentsOf(target)) {
    if (component === "..") down.pop();
    else if (component !== ".") down.push(component);
  }
  return [...up, ...down].join("/") || ".";
}

function componentsOf(path: string): string[] {
  return path.split("/").filter((component) => component !== "");
}
