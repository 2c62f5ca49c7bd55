import { memory } from "../../../src/files/index.ts";
import { extensions } from "../../../src/files/sftp/extensions.ts";
import { requests } from "../../../src/files/sftp/requests.ts";
import { SftpSession } from "../../../src/files/sftp/session.ts";
import { Buffers } from "../../../src/files/sftp/wire/buffers.ts";
import { MAX_PACKET, Packet } from "../../../src/files/sftp/wire/numbers.ts";
import { init, packet, string, u32, u64 } from "../../sftp/index.ts";
import { mutate } from "../mutate.ts";
import type { Random } from "../random.ts";
import { Finding } from "../target.ts";
import type { Target } from "../target.ts";

/** What their answers wait for is not there before the case ends. */
const LATE: ReadonlySet<string> = new Set(["OPENDIR", "READDIR", "copy-data", "users-groups-by-id"]);
const PATHS = [
  "/",
  "/a",
  "/dir",
  "/dir/b",
  "/link",
  "/new",
  ".",
  "",
  "..",
  "/a/b",
  "dir/../a",
  "/loop",
  "/\u0000",
  "~",
];
const REPLIES: ReadonlySet<number> = new Set([
  Packet.STATUS,
  Packet.HANDLE,
  Packet.DATA,
  Packet.NAME,
  Packet.ATTRS,
  Packet.EXTENDED_REPLY,
]);

const path = (random: Random): Uint8Array =>
  string(random.chance(0.9) ? random.pick(PATHS) : random.bytes(random.length(5000)));
const handle = (random: Random): Uint8Array =>
  string(random.chance(0.8) ? u32(1 + random.below(6)) : random.bytes(random.length(300)));
const offset = (random: Random): Uint8Array =>
  random.chance(0.8) ? u64(random.below(1000)) : Buffer.concat([u32(random.uint32()), u32(random.uint32())]);

/** A good value for each field that the tables know, by its name there. */
const FIELDS: Readonly<Record<string, (random: Random) => Uint8Array>> = {
  path,
  from: path,
  to: path,
  target: path,
  name: path,
  handle,
  file: handle,
  source: handle,
  bits: (random) => u32(random.chance(0.9) ? random.below(64) : random.uint32()),
  length: (random) => u32(random.chance(0.8) ? random.below(2000) : random.uint32()),
  position: offset,
  data: (random) => string(random.bytes(random.length(random.chance(0.1) ? 100_000 : 2000))),
  uids: (random) => string(random.bytes(random.length(40))),
  gids: (random) => string(random.bytes(random.length(40))),
  attributes: (random) => {
    const flags = random.chance(0.9) ? random.below(16) : random.uint32();
    const words = [1, 2, 4, 8].flatMap((bit) =>
      flags & bit ? (bit === 4 ? [random.uint32()] : [0, random.below(5000)]) : [],
    );
    return Buffer.concat([u32(flags), ...words.map((word) => u32(word))]);
  },
};

const operations = [
  ...[...requests].map(([type, { label, fields }]) => ({ label, type, name: undefined, fields })),
  ...[...extensions].map(([name, { operation }]) => ({ ...operation, type: Packet.EXTENDED, name })),
];

/** A request as a client might send it, or nearly. */
function request(random: Random, id: number): { bytes: Uint8Array; isLate: boolean } {
  const { label, type, name, fields } = random.pick(operations);
  const values = fields.map((field) => FIELDS[field]?.(random) ?? u32(random.uint32()));
  const head = name === undefined ? [] : [string(name)];
  const bytes = packet(type, u32(id), ...head, ...values);
  return { bytes, isLate: LATE.has(label) };
}

/** As in a server, sessions share them. */
const buffers = new Buffers();

/**
 * A session of SFTP with a file system in memory: every request is answered once, with a reply that there is, whatever its fields are;
 * nothing fails that is not the client's fault; only a length that no packet has ends the session.
 */
export const sftpSession: Target = {
  name: "SFTP session",
  run(random) {
    const sent: Uint8Array[] = [];
    const fail = (message: string, cause?: unknown): never => {
      throw new Finding(message, sent.map((bytes) => Buffer.from(bytes).toString("hex")).join("\n"), cause);
    };
    const files = memory({ files: { "/a": "some content", "/dir/b": "more" }, maxBytes: 300_000, maxEntries: 12 });
    files.symlink("a", "/link");
    files.symlink("loop", "/loop");
    let out = Buffer.alloc(0);
    const port = {
      write: (bytes: Uint8Array) => {
        out = Buffer.concat([out, bytes]);
        return true;
      },
      consumed: (count: number) => void (room += count),
    };
    let room = 0;
    const faults: unknown[] = [];
    const session = new SftpSession(port, {
      fileSystem: files,
      buffers,
      home: "/dir",
      username: "ada",
      clientVersion: undefined,
      failed: (operation, error) => void faults.push(`${operation}: ${String(error)}`),
    });
    const send = (bytes: Uint8Array): void => {
      sent.push(bytes);
      for (let at = 0; at < bytes.length;) {
        const length = random.chance(0.7) ? bytes.length : 1 + random.below(bytes.length);
        session.data(bytes.slice(at, at + length));
        at += length;
      }
    };
    send(init());
    out = Buffer.alloc(0);
    const asked = new Map<number, number>();
    let isLate = false;
    let isBroken = false;
    for (let id = 1; id <= 60 && !isLate && !isBroken; id++) {
      const made = request(random, id);
      // Nothing is served behind one that waits, so that it would be the last of nearly every case.
      if (made.isLate && random.chance(0.95)) continue;
      isLate = made.isLate;
      const isMutated = random.chance(made.bytes[4] === Packet.EXTENDED ? 0.02 : 0.4);
      if (isMutated && random.chance(0.05)) {
        isBroken = true;
        send(mutate(made.bytes, random));
        break;
      }
      // The length and the id stay right, so that an answer is owed; the rest is anything.
      const body = isMutated ? mutate(made.bytes.subarray(9), random) : made.bytes.subarray(9);
      if (body.length > MAX_PACKET - 5) continue;
      asked.set(id, 0);
      // An extension may come of it that waits.
      isLate ||= isMutated && made.bytes[4] === Packet.EXTENDED;
      send(packet(made.bytes[4]!, u32(id), body));
    }
    if (faults.length > 0) fail(`the file system's fault: ${faults.join("; ")}`);
    if (isBroken) return;
    if (session.isOver) fail("the session ended");
    for (let at = 0; at < out.length;) {
      const length = out.readUInt32BE(at);
      if (length < 5 || length > MAX_PACKET || at + 4 + length > out.length)
        fail("a reply of a length that there is not");
      const [type, id] = [out[at + 4]!, out.readUInt32BE(at + 5)];
      if (!REPLIES.has(type)) fail(`a reply of type ${type}`);
      const count = asked.get(id);
      if (count !== 0) fail(`a reply to ${id}, which is answered or was not asked`);
      asked.set(id, 1);
      at += 4 + length;
    }
    if (!isLate && [...asked.values()].includes(0)) fail("a request is not answered");
    const total = sent.reduce((sum, { length }) => sum + length, 0);
    if (!isLate && room !== total) fail(`room for ${room} of ${total} bytes was given back`);
    session.closed();
  },
};
