import { lstatSync, readlinkSync } from "node:fs";

/** Where the directory that is served is in the sandbox. */
export const SERVED = "/files";

/** What programs need to run, and no more: nothing of it is secret, and nobody can write to it. */
const SYSTEM = ["/usr", "/bin", "/lib", "/lib32", "/lib64", "/libx32"] as const;
const ROOT_USER = 0;

/**
 * The command that runs a program in a sandbox of bubblewrap: it sees its own binaries and {@link SERVED}, has no network, no other processes and,
 * if this process is root's, no more of root's powers than what files take.
 *
 * @param root the directory that is served, as the machine knows it.
 */
export function sandboxed(
  bubblewrap: string,
  root: string,
  isReadOnly: boolean,
  program: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  const isRoot = process.getuid?.() === ROOT_USER;
  const powers = ["--cap-drop", "ALL", "--cap-add", "CAP_DAC_OVERRIDE", "--cap-add", "CAP_FOWNER"];
  return [
    bubblewrap,
    [
      "--die-with-parent",
      "--unshare-pid",
      "--unshare-net",
      "--unshare-ipc",
      "--unshare-uts",
      "--unshare-cgroup-try",
      ...(isRoot ? powers : []),
      ...SYSTEM.flatMap(shown),
      "--ro-bind",
      program,
      program,
      isReadOnly ? "--ro-bind" : "--bind",
      root,
      SERVED,
      "--chdir",
      SERVED,
      "--",
      program,
      ...args,
    ],
  ];
}

/** On most systems of today `/bin` and `/lib` are links into `/usr`. */
function shown(path: string): readonly string[] {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  return stats.isSymbolicLink() ? ["--symlink", readlinkSync(path), path] : ["--ro-bind", path, path];
}
