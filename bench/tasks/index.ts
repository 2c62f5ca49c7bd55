// The kinds of work that every peer is given, one file each.
import type { Generator } from "../generator.ts";
import type { Options } from "../options.ts";
import type { Peer } from "../peers.ts";
import type { Results } from "../figures/results.ts";
import type { Workspace } from "../workspace.ts";
import { connect } from "./connect.ts";
import { echo } from "./echo.ts";
import { editor } from "./editor.ts";
import { files } from "./files.ts";
import { idle } from "./idle.ts";
import { transferIn, transferOut } from "./bulk.ts";

/** All that a task works with. */
export interface Bench {
  readonly peers: readonly Peer[];
  readonly options: Options;
  readonly workspace: Workspace;
  readonly generator: Generator;
  readonly results: Results;
}

/** The peers that a task can measure, set up for it. */
export function peersFor(task: TaskName, peers: readonly Peer[]): readonly Peer[] {
  if (task === "files")
    return peers.flatMap((peer) => (peer.files === undefined ? [] : [withEnvironment(peer, peer.files)]));
  if (task !== "editor") return peers.filter(({ editor }) => editor?.only !== true);
  return peers.flatMap((peer) => (peer.editor === undefined ? [] : [withEnvironment(peer, peer.editor)]));
}

function withEnvironment(peer: Peer, { environment }: { readonly environment: Record<string, string> }): Peer {
  return { ...peer, environment: { ...peer.environment, ...environment } };
}

/** Measures every peer and adds what it found to the results. */
export type Task = (bench: Bench) => Promise<void>;

export type TaskName = "connect" | "out" | "in" | "echo" | "idle" | "editor" | "files";

export const tasks: Record<TaskName, Task> = { connect, out: transferOut, in: transferIn, echo, idle, editor, files };

export const taskNames: readonly TaskName[] = Object.keys(tasks) as TaskName[];
