import type { ChangedAttributes, FileAttributes } from "../file-system.ts";
import { encodePath } from "../path.ts";
import { Content } from "./content.ts";
import type { Room } from "./content.ts";

interface Inode {
  readonly number: number;
  mode: number;
  uid: number;
  gid: number;
  atime: number;
  mtime: number;
  /** How many names it has. */
  names: number;
}

export interface FileNode extends Inode {
  readonly type: "file";
  readonly content: Content;
  /** How many handles there are; without names and handles the content goes. */
  handles: number;
}

export interface DirectoryNode extends Inode {
  readonly type: "directory";
  readonly entries: Map<string, Node>;
  /** That of the root is the root. */
  parent: DirectoryNode;
}

export interface LinkNode extends Inode {
  readonly type: "symlink";
  readonly target: string;
}

export type Node = FileNode | DirectoryNode | LinkNode;

/** What new files are not given, whatever a client asks for: others do not write to them. */
const UMASK = 0o022;

let count = 0;

/** Makes a file with the attributes that are wanted. */
export function newFile(room: Room, wanted: ChangedAttributes): FileNode {
  return { type: "file", ...inode(0o644, wanted), content: new Content(room), handles: 0 };
}

/** Makes a directory. @param parent none for the root. */
export function newDirectory(parent: DirectoryNode | undefined, wanted: ChangedAttributes): DirectoryNode {
  const directory = { type: "directory" as const, ...inode(0o755, wanted), entries: new Map<string, Node>() };
  const node: DirectoryNode = Object.assign(directory, { parent: directory as unknown as DirectoryNode });
  if (parent !== undefined) node.parent = parent;
  return node;
}

export function newLink(target: string): LinkNode {
  return { type: "symlink", ...inode(0o777, {}), mode: 0o777, target };
}

export function attributesOf(node: Node): FileAttributes {
  const { type, mode, uid, gid, atime, mtime, number } = node;
  return { type, size: sizeOf(node), mode, uid, gid, atime, mtime, nlink: linksOf(node), identity: String(number) };
}

/** Changes what is to be changed; the size is that of files alone. */
export function change(node: Node, { size, mode, uid, gid, atime, mtime }: ChangedAttributes): void {
  if (size !== undefined && node.type === "file") {
    node.content.resize(size);
    node.mtime = seconds();
  }
  node.mode = mode ?? node.mode;
  node.uid = uid ?? node.uid;
  node.gid = gid ?? node.gid;
  node.atime = atime ?? node.atime;
  node.mtime = mtime ?? node.mtime;
}

/** Seconds since 1970. */
export function seconds(): number {
  return Date.now() / 1000;
}

function inode(mode: number, wanted: ChangedAttributes): Inode {
  const now = seconds();
  return {
    number: ++count,
    mode: (wanted.mode ?? mode) & ~UMASK,
    uid: wanted.uid ?? 0,
    gid: wanted.gid ?? 0,
    atime: wanted.atime ?? now,
    mtime: wanted.mtime ?? now,
    names: 0,
  };
}

function sizeOf(node: Node): number {
  if (node.type === "file") return node.content.size;
  return node.type === "symlink" ? encodePath(node.target).length : node.entries.size;
}

/** As on Unix, where a directory is named by its parent, by itself and by each directory in it. */
function linksOf(node: Node): number {
  if (node.type !== "directory") return node.names;
  let links = 2;
  for (const entry of node.entries.values()) if (entry.type === "directory") links++;
  return links;
}
