import type { ChangedAttributes, FileAttributes, FileHandle, FileSystemUsage, OpenFlags } from "../file-system.ts";
import type { FileNode } from "./nodes.ts";
import { attributesOf, change, seconds } from "./nodes.ts";

/** An open file in memory. */
export class MemoryHandle implements FileHandle {
  readonly #node: FileNode;
  readonly #flags: OpenFlags;
  readonly #usage: () => FileSystemUsage;
  #isOpen = true;

  constructor(node: FileNode, flags: OpenFlags, usage: () => FileSystemUsage) {
    this.#node = node;
    this.#flags = flags;
    this.#usage = usage;
    node.handles++;
  }

  read(buffer: Uint8Array, position: number): number {
    return this.#node.content.read(buffer, position);
  }

  write(bytes: Uint8Array, position: number): void {
    const { content } = this.#node;
    content.write(bytes, this.#flags.append ? content.size : position);
    this.#node.mtime = seconds();
  }

  stat(): FileAttributes {
    return attributesOf(this.#node);
  }

  setstat(changed: ChangedAttributes): void {
    change(this.#node, changed);
  }

  /** Memory is never safer than it is. */
  sync(): void {
    // Nothing is written anywhere.
  }

  statfs(): FileSystemUsage {
    return this.#usage();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#node.handles--;
    if (this.#node.handles === 0 && this.#node.names === 0) this.#node.content.clear();
  }
}
