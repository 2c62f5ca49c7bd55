import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The part of V8's .cpuprofile format that is read here: a tree of frames, and which one was on top at each sample. */
interface CpuProfile {
  readonly nodes: readonly Frame[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

const root = join(import.meta.dirname, "../..");

/** The functions with the most time of their own in all profiles of a folder, as Markdown. Idle time and the start are left out. */
export function topFunctions(folder: string, count = 25): string {
  const microseconds = new Map<string, number>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".cpuprofile"))) {
    addProfile(JSON.parse(readFileSync(join(folder, name), "utf8")) as CpuProfile, microseconds);
  }
  microseconds.delete("(idle)");
  const total = [...microseconds.values()].reduce((sum, value) => sum + value, 0);
  const lines = [...microseconds]
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, time]) => `| ${((time / total) * 100).toFixed(1)} % | ${(time / 1000).toFixed(0)} | ${name} |`);
  return ["| self | ms | function |", "|--:|--:|---|", ...lines, ""].join("\n");
}

function addProfile(profile: CpuProfile, microseconds: Map<string, number>): void {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const loading = framesBelow(profile.nodes, ({ callFrame }) => callFrame.url.startsWith("node:internal/modules/"));
  profile.samples.forEach((id, index) => {
    if (loading.has(id)) return;
    const name = names.get(id) ?? "(unknown)";
    microseconds.set(name, (microseconds.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
  });
}

/** The frames that match, and all that they called. */
function framesBelow(frames: readonly Frame[], matches: (frame: Frame) => boolean): ReadonlySet<number> {
  const byId = new Map(frames.map((frame) => [frame.id, frame]));
  const found = new Set(frames.filter(matches).map(({ id }) => id));
  // A Set that grows while it is walked is walked to its new end.
  for (const id of found) for (const child of byId.get(id)?.children ?? []) found.add(child);
  return found;
}

function nameOf({ functionName, url, lineNumber }: Frame["callFrame"]): string {
  const name = functionName || "(anonymous)";
  if (url === "") return name;
  const file = url.startsWith("file:") ? fileURLToPath(url).replace(`${root}/`, "") : url;
  return `${name} ${file}:${lineNumber + 1}`;
}
