import type { Awaitable } from "../../server/index.ts";
import type { ChangedAttributes, DirectoryEntry, FileHandle, FileSystem, OpenFlags } from "../file-system.ts";

/** One call of a method of a file system: its name, and the paths that it is about. */
export interface Deed {
  readonly operation: Exclude<keyof FileSystem, "userName" | "groupName" | "localDirectory">;
  readonly path: string;
  /** The other path of `rename` and `link`: the new name. */
  readonly to?: string;
  /** Of `open`. */
  readonly flags?: OpenFlags;
  /** Of `open`, `mkdir`, `setstat` and `lsetstat`. */
  readonly attributes?: ChangedAttributes;
}

/** What a view adds to a file system. */
export interface Wrapping {
  /** Runs the method, or throws instead, or does something before it and after it. */
  readonly around: <Result>(deed: Deed, run: () => Awaitable<Result>) => Awaitable<Result>;
  /** What a handle becomes that was opened. */
  readonly opened?: (handle: FileHandle, deed: Deed) => FileHandle;
  /** What is left of the entries of a directory. */
  readonly listed?: (entries: Entries, deed: Deed) => Entries;
  /** Whether a process may work on the directory itself, past all that the view is for. Default false. */
  readonly isForProcesses?: boolean;
}

export type Entries = AsyncIterable<DirectoryEntry> | Iterable<DirectoryEntry>;

/** What is told of a call, for each method. Its arguments are those of the method. */
const DEEDS: Readonly<Record<Deed["operation"], (...args: never[]) => Omit<Deed, "operation">>> = {
  stat: (path: string) => ({ path }),
  lstat: (path: string) => ({ path }),
  readdir: (path: string) => ({ path }),
  open: (path: string, flags: OpenFlags, attributes: ChangedAttributes) => ({ path, flags, attributes }),
  realpath: (path: string) => ({ path }),
  setstat: (path: string, attributes: ChangedAttributes) => ({ path, attributes }),
  lsetstat: (path: string, attributes: ChangedAttributes) => ({ path, attributes }),
  mkdir: (path: string, attributes: ChangedAttributes) => ({ path, attributes }),
  rmdir: (path: string) => ({ path }),
  unlink: (path: string) => ({ path }),
  rename: (path: string, to: string) => ({ path, to }),
  symlink: (_target: string, path: string) => ({ path }),
  readlink: (path: string) => ({ path }),
  link: (path: string, to: string) => ({ path, to }),
  statfs: (path: string) => ({ path }),
};

/** A file system with something around every call. It can do what the one within can, and no more. */
export function wrap(inner: FileSystem, wrapping: Wrapping): FileSystem {
  const methods: Record<string, unknown> = {};
  for (const [operation, describe] of Object.entries(DEEDS) as [Deed["operation"], (typeof DEEDS)["stat"]][]) {
    const method = inner[operation] as ((...args: never[]) => Awaitable<unknown>) | undefined;
    if (method === undefined) continue;
    const become = BECOMES[operation] ?? asItIs;
    methods[operation] = (...args: never[]) => {
      const deed: Deed = { operation, ...describe(...args) };
      return become(
        wrapping.around(deed, () => Reflect.apply(method, inner, args) as Awaitable<unknown>),
        wrapping,
        deed,
      );
    };
  }
  for (const name of PASSED) {
    if (name !== "localDirectory" || wrapping.isForProcesses === true) methods[name] = inner[name]?.bind(inner);
  }
  return methods as unknown as FileSystem;
}

/** A handle with some methods in place of its own; `undefined` takes one away. */
export function handleWith(handle: FileHandle, changes: Partial<Record<keyof FileHandle, unknown>>): FileHandle {
  const methods: Record<string, unknown> = {};
  for (const name of HANDLE_METHODS) methods[name] = handle[name]?.bind(handle);
  return Object.assign(methods, changes) as unknown as FileHandle;
}

/** What says nothing of any path goes through. */
const PASSED = ["userName", "groupName", "localDirectory"] as const;
const HANDLE_METHODS = ["read", "write", "stat", "setstat", "sync", "statfs", "close", "abort"] as const;

/** What becomes of a result: of handles and of entries a view may make others. */
type Become = (result: Awaitable<unknown>, wrapping: Wrapping, deed: Deed) => unknown;
const BECOMES: { readonly [Operation in Deed["operation"]]?: Become } = {
  open(result, { opened }, deed) {
    const become = (handle: unknown): unknown => opened?.(handle as FileHandle, deed) ?? handle;
    return result instanceof Promise ? result.then(become) : become(result);
  },
  readdir(result, { listed }, deed) {
    const become = (entries: unknown): Entries => listed?.(entries as Entries, deed) ?? (entries as Entries);
    return result instanceof Promise ? later(result.then(become)) : become(result);
  },
};
const asItIs: Become = (result) => result;

async function* later(entries: Promise<Entries>): AsyncGenerator<DirectoryEntry, void, undefined> {
  yield* await entries;
}
