/**
 * A drop box: put files in with whatever copies files, see them in a terminal, and hand them on by a link that works once.
 *
 *     node --conditions=sallyport-source examples/drop-box.ts [FOLDER]
 *
 *     scp -P 2222 photo.jpg localhost:         and sftp, scp -O, rsync -e 'ssh -p 2222', sshfs
 *     ssh -p 2222 localhost                    your files: Enter makes a link
 *     ssh -p 2222 localhost get CODE > photo.jpg
 *
 * A box belongs to a key. Who comes without one can fetch what somebody has given a link to.
 */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { escapeControls, formatEntry, Server } from "sallyport";
import type { Client } from "sallyport";
import { anyone } from "sallyport/auth";
import { directory, FileError, joinPath, nameOf, serveFiles } from "sallyport/files";
import type { FileAttributes, FileHandle, FileSystem } from "sallyport/files";

const FOLDER = resolve(process.argv[2] ?? "drop-box");
const HOURS = 24;
const MAX_LINKS = 1000;
const MAX_SHOWN = 500;

const ssh = new Server({
  auth: [anyone({ remember: (_, key) => ({ box: key?.fingerprint }) })],
  log: (entry) => void (/warn|error/.test(entry.level) && console.error(formatEntry(entry))),
});

// The boxes: a folder for each key, and nothing in it leads out of it.

const boxes = new Map<string, FileSystem>();

function boxOf({ user }: Client): FileSystem | undefined {
  const owner = user?.["box"];
  if (typeof owner !== "string") return undefined;
  const name = createHash("sha256").update(owner).digest("hex");
  let box = boxes.get(name);
  if (box === undefined) {
    mkdirSync(join(FOLDER, name), { recursive: true, mode: 0o700 });
    boxes.set(name, (box = directory(join(FOLDER, name))));
  }
  return box;
}

serveFiles(ssh, { fileSystem: boxOf, rsync: ["rsync", "bwrap"].every((name) => existsSync(`/usr/bin/${name}`)) });

// The links. Of a code only the hash is kept: who can read this process' memory, or a list of the links, can fetch nothing.

interface Link {
  readonly box: FileSystem;
  readonly path: string;
  readonly until: number;
}

const links = new Map<string, Link>();
const hashOf = (code: string): string => createHash("sha256").update(code).digest("hex");

/** Gives the code. 120 random bits: nobody guesses one. */
function makeLink(box: FileSystem, path: string): string {
  for (const [hash, { until }] of links) if (until < Date.now()) links.delete(hash);
  const [oldest] = links.keys();
  if (links.size >= MAX_LINKS && oldest !== undefined) links.delete(oldest);
  const code = randomBytes(15).toString("hex");
  links.set(hashOf(code), { box, path, until: Date.now() + HOURS * 3_600_000 });
  return code;
}

/** Takes a link: whoever comes next does not find it, also while the file is still being sent. */
function takeLink(code: string): Link | undefined {
  const link = links.get(hashOf(code));
  links.delete(hashOf(code));
  return link !== undefined && link.until >= Date.now() ? link : undefined;
}

// What visitors do: `ssh host get CODE` and `ssh host list`, or the files in a terminal.

ssh.onUser("command", (client, line, { signal }) => {
  const [command = "", code = ""] = line.trim().split(/\s+/, 2);
  if (command === "get") return get(client, code, signal);
  if (command === "list") return list(client);
  client.stderr.write(`There is no ${escapeControls(command)} here, but: list, and get CODE.\n`);
  return 127;
});

ssh.onUser("preshell", async (client) => {
  if (client.pty === undefined) return;
  client.title("Drop box");
  const box = boxOf(client);
  if (box === undefined) client.sendln("A box belongs to a key: come with one.");
  else await browse(client, box);
  client.exit();
});

async function get(client: Client, code: string, signal: AbortSignal): Promise<number> {
  if (client.pty !== undefined)
    return complain(client, "That is a file: leave -t out, and put > NAME behind the command.");
  const link = takeLink(code);
  if (link === undefined) return complain(client, "There is no such link, or it has been used, or is too old.");
  const handle = await opened(link);
  if (handle === undefined) return complain(client, "The file is not there any more.");
  try {
    await send(client, handle, signal);
  } finally {
    await handle.close();
  }
  if (!signal.aborted)
    tell(link.box, `${shown(link.path)} has been fetched by ${escapeControls(client.peer.address)}.`);
  return 0;
}

async function send(client: Client, handle: FileHandle, signal: AbortSignal): Promise<void> {
  for (let position = 0; !signal.aborted;) {
    // A new one each time: what is being sent must not change.
    const buffer = Buffer.allocUnsafe(256 * 1024);
    const length = (await handle.read?.(buffer, position)) ?? 0;
    if (length === 0) return;
    position += length;
    client.send(buffer.subarray(0, length));
    await client.drained();
  }
}

async function opened({ box, path }: Link): Promise<FileHandle | undefined> {
  const toRead = { read: true, write: false, append: false, create: false, truncate: false, exclusive: false };
  try {
    return await box.open(path, toRead, {});
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

async function list(client: Client): Promise<number> {
  const box = boxOf(client);
  if (box === undefined) return complain(client, "A box belongs to a key: come with one.");
  const files = await filesIn(box);
  if (files.length === 0) client.sendln("Your box is empty.");
  client.table(
    files.map(({ path, attributes }) => ({ file: shown(path), size: attributes.size, changed: dateOf(attributes) })),
  );
  return 0;
}

/** Shows the files until the visitor has seen enough: Ctrl-C or Ctrl-D. */
async function browse(client: Client, box: FileSystem): Promise<void> {
  while (!client.signal.aborted) {
    const files = await filesIn(box);
    const choices = files.map(({ path, attributes }) => ({
      label: shown(path),
      value: path,
      description: `${attributes.size} bytes, ${dateOf(attributes)}`,
    }));
    const question = files.length === 0 ? "Your box is empty." : "Your files";
    const path = await client.choose(question, [
      ...choices,
      { label: "look again", value: "" },
      { label: "leave", value: "/" },
    ]);
    if (path === "/") return;
    if (path !== "") await act(client, box, path);
  }
}

async function act(client: Client, box: FileSystem, path: string): Promise<void> {
  const deed = await client.choose(shown(path), ["make a link", "remove it", "nothing"]);
  if (deed === "make a link") {
    const host = escapeControls(client.connection.local.address);
    client.sendln(`For one download within ${HOURS} hours:\n`);
    client.sendln(`  ssh -p ${client.connection.local.port} ${host} get ${makeLink(box, path)} > ${harmless(path)}\n`);
  } else if (deed === "remove it" && (await client.confirm(`Remove ${shown(path)}?`))) {
    await box.unlink?.(path);
  }
}

/** Tells who looks at the box at the moment. */
function tell(box: FileSystem, text: string): void {
  for (const client of ssh.clients) if (client.pty !== undefined && boxOf(client) === box) client.sendln(text);
}

function complain(client: Client, text: string): number {
  (client.pty === undefined ? client.stderr : client.stdout).write(`${text}\n`);
  return 1;
}

// The files of a box, by their paths.

interface Found {
  readonly path: string;
  readonly attributes: FileAttributes;
}

async function filesIn(box: FileSystem, folder = "/", found: Found[] = []): Promise<readonly Found[]> {
  for await (const { name, attributes } of box.readdir(folder)) {
    if (found.length >= MAX_SHOWN) break;
    const path = joinPath(folder, name);
    if (attributes.type === "directory") await filesIn(box, path, found);
    else if (attributes.type === "file") found.push({ path, attributes });
  }
  return found;
}

const shown = (path: string): string => escapeControls(path.slice(1).toWellFormed());
const dateOf = ({ mtime = 0 }: FileAttributes): string =>
  new Date(mtime * 1000).toISOString().slice(0, 16).replace("T", " ");
/** A name that can stand in a command line of somebody else's, and that replaces none of his hidden files. */
const harmless = (path: string): string =>
  nameOf(path)
    .replaceAll(/[^A-Za-z0-9._-]/g, "_")
    .replace(/^[.-]+/, "") || "file";

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void ssh.close());

const { port } = await ssh.run({ port: Number(process.env["PORT"] ?? 2222) });
console.log(`The boxes are in ${FOLDER}. In another window: ssh -p ${port} localhost`);
