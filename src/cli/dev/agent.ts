/** What `sallyport dev` puts into the process of the app: it tells which files there are, and has modules reloaded. */
import { subscribe } from "node:diagnostics_channel";
import { registerHooks } from "node:module";
import { sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Modules } from "../../commands/index.ts";
import { hashOf, VERSION_MARK } from "../../sources/index.ts";
import type { Change, FromApp, LoadedFile, ToApp } from "./messages.ts";

/** The files that the app has loaded by itself. */
const appFiles = new Set<string>();
/** Those that came in with a module: its own, and what it imports from elsewhere. */
const otherFiles = new Set<string>();
/** Who imports whom. */
const imports = new Map<string, Set<string>>();
const modules = new Set<Modules<unknown>>();
let untold: LoadedFile[] = [];

registerHooks({
  resolve(specifier, context, next) {
    try {
      const found = next(specifier, context);
      note(found.url, context.parentURL);
      return found;
    } catch (error) {
      // What is not there yet may come.
      if (/^\.{1,2}\//.test(specifier)) note(new URL(specifier, context.parentURL).href, context.parentURL);
      throw error;
    }
  },
});

subscribe("sallyport:modules", (message) => {
  modules.add((message as { readonly modules: Modules<unknown> }).modules);
  const all = [...modules];
  const files = all.flatMap((some) => some.list().flatMap(({ files }) => files));
  tell({ type: "modules", files, folders: all.flatMap(({ folders }) => folders) });
});

process.on("message", (message) => {
  if ((message as ToApp).type === "refresh") void refresh();
});
// Nobody is left who would end it.
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
// The app ends when it has nothing more to do, as it would without us.
process.channel?.unref();

function note(url: string, parent: string | undefined): void {
  // What is asked for with a version is a module; what a version imports belongs to it.
  const path = pathOf(url);
  const from = parent === undefined ? undefined : pathOf(parent);
  if (path === undefined || isVersion(url)) return;
  if (from !== undefined) {
    const known = imports.get(from) ?? new Set();
    imports.set(from, known.add(path));
  }
  const isOfApp = parent === undefined || (from !== undefined && appFiles.has(from) && !isVersion(parent));
  if (isOfApp) add(path);
  else if (!appFiles.has(path) && !otherFiles.has(path)) {
    otherFiles.add(path);
    tellOf(path, false);
  }
}

/** Takes a file among those of the app, with what it imports. */
function add(path: string): void {
  if (appFiles.has(path)) return;
  appFiles.add(path);
  tellOf(path, true);
  for (const imported of imports.get(path) ?? []) add(imported);
}

function tellOf(path: string, isOfApp: boolean): void {
  // Before it is read: what is in it later is a change.
  if (untold.push({ path, hash: hashOf(path), isOfApp }) > 1) return;
  queueMicrotask(() => {
    tell({ type: "files", files: untold });
    untold = [];
  });
}

async function refresh(): Promise<void> {
  const changes: Change[] = [];
  for (const some of modules) {
    // Those that the app has closed have nothing more to say.
    const changed = await some.refresh().catch(() => []);
    for (const { name, file, change, error } of changed) {
      const serves = some.list().some((info) => info.name === name && info.status === "enabled");
      changes.push({ name, file, change, serves, why: error?.message });
    }
  }
  tell({ type: "refreshed", changes });
}

function tell(message: FromApp): void {
  // Who is gone, or going, needs not be told; the callback keeps the failure from becoming an event.
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}

function isVersion(url: string): boolean {
  return new URL(url).searchParams.has(VERSION_MARK);
}

function pathOf(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const path = fileURLToPath(url);
  return path.includes(`${sep}node_modules${sep}`) ? undefined : path;
}
