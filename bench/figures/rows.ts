import type { Row } from "./results.ts";

export const connectCpu: Row = { title: "server CPU per connection", unit: "ms", better: "less" };
export const connectP50: Row = { title: "handshake to login, p50", unit: "ms", better: "less" };
export const connectP99: Row = { title: "handshake to login, p99", unit: "ms", better: "less" };
export const echoP50: Row = { title: "keystroke echo, p50", unit: "ms", better: "less" };
export const echoP99: Row = { title: "keystroke echo, p99", unit: "ms", better: "less" };
export const busyEchoP50: Row = { title: "same, 20 others typing, p50", unit: "ms", better: "less" };
export const busyEchoP99: Row = { title: "same, 20 others typing, p99", unit: "ms", better: "less" };

export const editorP50: Row = { title: "key at the prompt, echo p50", unit: "ms", better: "less" };
export const editorP99: Row = { title: "key at the prompt, echo p99", unit: "ms", better: "less" };
export const busyEditorP50: Row = { title: "same, 20 others typing lines, p50", unit: "ms", better: "less" };
export const busyEditorP99: Row = { title: "same, 20 others typing lines, p99", unit: "ms", better: "less" };
export const editorCpu: Row = { title: "server CPU per key at the prompt", unit: "µs", better: "less" };
export const aloneIdle: Row = { title: "editor alone: memory of an idle one", unit: "KiB", better: "less" };
export const aloneEnd: Row = { title: "editor alone: CPU per key at the end", unit: "µs", better: "less" };
export const aloneMiddle: Row = { title: "editor alone: CPU per key in the middle", unit: "µs", better: "less" };

/** A transfer's direction as the server sees it. */
export type Direction = "out" | "in";

/** The rows of a table whose number depends on the command line: one object for one title. */
export function throughput(direction: Direction, cipher: string): Row {
  return row({ title: `${direction}, ${shortName(cipher)}`, unit: "MiB/s", better: "more" });
}

export function transferCpu(direction: Direction, cipher: string): Row {
  return row({ title: `${direction}, ${shortName(cipher)}, server CPU`, unit: "s/GiB", better: "less" });
}

export function idleMemory(shells: number): Row {
  return row({ title: `memory per idle shell, ${shells.toLocaleString("en")} shells`, unit: "KiB", better: "less" });
}

export function editorMemory(shells: number): Row {
  return row({ title: `memory per idle prompt, ${shells.toLocaleString("en")} shells`, unit: "KiB", better: "less" });
}

/** Where files go: from the server, or to it. */
export type FilesDirection = "down" | "up";

export function filesThroughput(direction: FilesDirection): Row {
  return row({ title: `SFTP ${direction}, aes128-gcm`, unit: "MiB/s", better: "more" });
}

export function filesCpu(direction: FilesDirection): Row {
  return row({ title: `SFTP ${direction}, aes128-gcm, server CPU`, unit: "s/GiB", better: "less" });
}

export function smallFiles(direction: FilesDirection): Row {
  return row({ title: `files of 1 KiB ${direction}`, unit: "/s", better: "more" });
}

export function smallFilesCpu(direction: FilesDirection): Row {
  return row({ title: `files of 1 KiB ${direction}, server CPU per file`, unit: "ms", better: "less" });
}

export const listing: Row = { title: "ls of 100,000 entries", unit: "s", better: "less" };
export const listingCpu: Row = { title: "ls of 100,000 entries, server CPU", unit: "s", better: "less" };

const known = new Map<string, Row>();

function row(wanted: Row): Row {
  const found = known.get(wanted.title) ?? wanted;
  known.set(wanted.title, found);
  return found;
}

function shortName(cipher: string): string {
  return cipher.replace("@openssh.com", "");
}
