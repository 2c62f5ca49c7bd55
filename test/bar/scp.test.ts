/** Security bar, part A4: what a client of the old protocol of scp sends in place of names, sizes and modes. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { directory, serveFiles } from "../../src/files/index.ts";
import { messages } from "../../src/wire/index.ts";
import { install } from "../target/programs.ts";
import { Bar, channelData, channelEof } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

/** A server of one directory, and that directory, with another one around it. */
interface Setting {
  readonly bar: Bar;
  readonly outside: string;
  readonly inside: string;
}

async function serve(t: TestContext): Promise<Setting> {
  const outside = mkdtempSync(join(tmpdir(), "sallyport-bar-"));
  t.after(() => rmSync(outside, { recursive: true }));
  const inside = join(outside, "served");
  mkdirSync(join(inside, "in"), { recursive: true });
  const files = directory(inside);
  const bar = await Bar.open(t, {
    app(server) {
      install(server);
      serveFiles(server, { fileSystem: () => files });
    },
  });
  return { bar, outside, inside };
}

/** Sends what a client of `scp -t` would, without waiting for answers; gives what came back. */
async function send(peer: Peer, command: string, ...input: readonly string[]): Promise<string> {
  const channel = await peer.exec(command);
  for (const piece of input) {
    for (let at = 0; at < piece.length; at += 16_384) peer.send(channelData(channel, piece.slice(at, at + 16_384)));
  }
  peer.send(channelEof(channel));
  await peer.next(messages.channelClose);
  return peer.output().toString("latin1");
}

/** What is refused with a message, and makes nothing anywhere. */
const RECORDS: readonly string[] = [
  "C0644 4 ../escape\n",
  "C0644 4 /tmp/sallyport-scp-escape\n",
  "D0755 0 ..\n",
  "D0755 0 ../../x\n",
  "C0644 4 ..\n",
  "C0644 4 .\n",
  "C0644 4 \n",
  "C0644 4 a/../../escape\n",
  "C0644 99999999999999999999 x\n",
  "C0644 -1 x\n",
  "Czzzz 4 x\n",
  "C0644 4 x\x1b[2Jy\n",
];

test("A91: a record with a name that leads elsewhere, a size or a mode that is none ends the transfer", async (t) => {
  const { bar, outside, inside } = await serve(t);
  for (const record of RECORDS) {
    for (const options of ["-t", "-r -t", "-r -p -t", "-d -r -t"]) {
      const peer = await bar.peer("logged in");
      const output = await send(peer, `scp ${options} in`, `${record}data\0E\n`);
      assert.match(output, /^\0\x01scp: [^\x00-\x1f]+\n$/, `${options} ${record}`);
      await bar.othersAreWell();
    }
  }
  assert.deepEqual(readdirSync(outside), ["served"]);
  assert.deepEqual(readdirSync(inside, { recursive: true }), ["in"]);
  assert.ok(!existsSync("/tmp/sallyport-scp-escape"));
});

test("A91: a mode is taken without setuid, setgid and sticky, with and without -p", async (t) => {
  const { bar, inside } = await serve(t);
  for (const [options, mode] of [
    ["-t", 0o755],
    ["-p -t", 0o777],
  ] as const) {
    const output = await send(await bar.peer("logged in"), `scp ${options} in`, "T1 0 1 0\nC7777 4 suid\ndata\0");
    assert.equal(output, "\0\0\0\0");
    assert.equal(statSync(join(inside, "in", "suid")).mode & 0o7777, mode);
    rmSync(join(inside, "in", "suid"));
  }
});

test("A91: the path on the command line does not lead out, and no shell sees it", async (t) => {
  const { bar, outside, inside } = await serve(t);
  const paths = ["../../escape", "/../escape", "in/../../../escape", "$(touch ../escape)", "'x;touch ../escape'"];
  for (const path of [...paths, "`touch ../escape`", "-oProxyCommand=touch", "~root/x"]) {
    await send(await bar.peer("logged in"), `scp -t ${path}`, "C0644 4 x\ndata\0");
    assert.deepEqual(readdirSync(outside), ["served"], path);
  }
  const found = readdirSync(inside, { recursive: true, encoding: "utf8" });
  assert.deepEqual(found.toSorted(), ["escape", "in"]);
});

test("B SCP record line / depth: 4 KiB and 64 are taken, one more is not, and no line waits for its end", async (t) => {
  const { bar } = await serve(t);
  const tooLong = /^\0\x01scp: a record of more than 4096 bytes\n$/;
  const warning = (length: number): string => `\x01${"x".repeat(length - 1)}\n`;
  assert.equal(await send(await bar.peer("logged in"), "scp -t in", warning(4096)), "\0");
  assert.match(await send(await bar.peer("logged in"), "scp -t in", warning(4097)), tooLong);
  assert.match(await send(await bar.peer("logged in"), "scp -t in", "x".repeat(300_000)), tooLong);
  const nested = (depth: number): string => "D0755 0 d\n".repeat(depth) + "E\n".repeat(depth);
  const deep = await send(await bar.peer("logged in"), "scp -r -t in", nested(64));
  assert.equal(deep, "\0".repeat(129));
  const deeper = await send(await bar.peer("logged in"), "scp -r -t in", nested(65));
  assert.match(deeper, /^\0{65}\x01scp: more than 64 directories in each other\n$/);
});
