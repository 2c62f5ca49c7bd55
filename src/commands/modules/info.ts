import type { ModuleError } from "./error.ts";

/** What has become of a module. */
export type ModuleStatus =
  /** Its commands and handlers are there. */
  | "enabled"
  /** It is loaded, and nothing of it is there. */
  | "disabled"
  /** It could never be loaded or set up. */
  | "failed";

/** A module, as {@link Modules.list} tells of it. */
export interface ModuleInfo {
  readonly name: string;
  readonly description: string | undefined;
  readonly status: ModuleStatus;
  /** The file that it came from; undefined for one that the app has handed over. */
  readonly file: string | undefined;
  /** All its files: that, and what it imports from the same folder. */
  readonly files: readonly string[];
  readonly needs: readonly string[];
  /** The names of its commands, and of the events that it listens to; empty unless it is enabled. */
  readonly commands: readonly string[];
  readonly events: readonly string[];
  /** How often it has been put in service: 1, and one more with each reload. 0 for one that never was. */
  readonly version: number;
  /** When the version that serves was put in service, in milliseconds since 1970. */
  readonly since: number | undefined;
  /** Its commands and handlers that have not come back yet; those of earlier versions do not count. */
  readonly running: number;
  /** Why the last attempt to load it failed; an earlier version may be at work all the same. */
  readonly error: ModuleError | undefined;
}

/** What {@link Modules.refresh} has done about one module. */
export interface ModuleChange {
  readonly name: string;
  readonly file: string;
  readonly change: "loaded" | "reloaded" | "unloaded" | "failed";
  /** Why it failed. */
  readonly error?: ModuleError;
}
