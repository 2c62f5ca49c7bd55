import type { StatsFs } from "node:fs";
import type { FileSystemUsage } from "../file-system.ts";

/** How full a disk is, as clients are told. */
export function usageOf(stats: StatsFs): FileSystemUsage {
  return {
    blockSize: stats.bsize,
    blocks: stats.blocks,
    freeBlocks: stats.bfree,
    availableBlocks: stats.bavail,
    entries: stats.files,
    freeEntries: stats.ffree,
  };
}
