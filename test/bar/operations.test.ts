/** Security bar, part A5: the log, the host's keys, and many connections at once. */
import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { authorizedKeys } from "../../src/auth/index.ts";
import { generatePrivateKey } from "../../src/crypto/index.ts";
import { formatEntry, Server } from "../../src/index.ts";
import type { HostKeySource } from "../../src/index.ts";
import { messages } from "../../src/wire/index.ts";
import { Client, clientKey, kept, noneRequest, passwordRequest } from "../client/index.ts";
import { makeFolder } from "../unit/auth/folder.ts";
import {
  Bar,
  channelData,
  channelEof,
  env,
  exec,
  keyLine,
  PASSWORD,
  pty,
  shell,
  silent,
  subsystem,
  USER_KEY,
} from "./harness/index.ts";

/** What a terminal, or a reader of logs, might take for something else. */
const deceptions = [
  "\u001b]0;pwned\u0007\u001b[2J",
  "x from 1.2.3.4\nAccepted publickey for root",
  "\u009b31m",
  "\u202eadmin",
  "\u2028Accepted",
  "A".repeat(3000),
  '", "username": "root',
];

test("A92: whatever a peer says of itself, each entry of the log is one escaped line", async (t) => {
  const bar = await Bar.open(t);
  for (const text of deceptions) {
    // A control character in it ends the connection; what is none is in the log of the login.
    const identification = `SSH-2.0-x ${text.slice(0, 200)}`;
    const named = await bar.peer("logged in", { identification }).catch(() => undefined);
    named?.socket.destroy();
    for (const request of [noneRequest(text), passwordRequest(text, PASSWORD)]) {
      const stranger = await bar.peer("handshake done");
      await stranger.attempt(request);
      stranger.socket.destroy();
    }
    const peer = await bar.peer("logged in");
    const channel = await peer.openSession();
    peer.send(env(channel, text, text), pty(channel, { term: text }), subsystem(channel, text), exec(channel, text));
    await peer.settled();
    peer.send(messages.disconnect.encode({ reason: 11, description: text, language: text }));
    await peer.closed();
  }
  await bar.gone();
  assert.ok(bar.log.length > 50);
  for (const entry of bar.log) {
    const line = formatEntry(entry);
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const fields = JSON.parse(line) as Record<string, unknown>;
    for (const value of Object.values(fields)) assert.ok(String(value).length <= 256, line);
    // A pattern for the fields before it is not misled by a name.
    if ("username" in fields) assert.equal(Object.keys(fields).at(-1), "username");
  }
});

/** Input that a careless pattern goes back and forth over. */
const patterns = [
  "*?".repeat(12_000),
  "a".repeat(30_000),
  "-".repeat(30_000),
  "\u001b[" + "1;".repeat(15_000),
  "é".repeat(15_000),
];

test("A93: no text of a peer makes a pattern go back and forth: names, identifications, variables, commands, keys", async (t) => {
  const key = clientKey("ssh-ed25519");
  const from = Array.from({ length: 60 }, () => `${"*?".repeat(50)}x`).join();
  const auth = authorizedKeys({ text: keyLine(key, `from="${from}"`) });
  const bar = await Bar.open(t, { auth: [auth], acceptEnv: ["A*", "LC_*"] });
  assert.equal(await (await bar.peer("handshake done")).tryKey("ada", key), "failure");
  await bar.peer("logged in", { identification: `SSH-2.0-x${" ".repeat(240)}` });
  for (const text of patterns) {
    await (await bar.peer("handshake done")).tryPassword(text, PASSWORD);
    const peer = await bar.peer("logged in");
    const channel = await peer.openSession();
    peer.send(env(channel, text, text), pty(channel, { term: text }), subsystem(channel, text), exec(channel, text));
    const terminal = await peer.openSession({ sender: 1 });
    const line = await peer.openSession({ sender: 2 });
    peer.send(pty(terminal), shell(terminal), shell(line));
    for (const id of [terminal, line]) {
      for (let at = 0; at < text.length; at += 10_000) peer.send(channelData(id, text.slice(at, at + 10_000)));
      peer.send(channelData(id, "\r\n"));
    }
    await peer.settled();
    await bar.othersAreWell();
  }
});

test("A94: a host key that is none, too large, open to others, or too hard to unlock keeps the server from its start", async () => {
  const folder = makeFolder();
  const good = generatePrivateKey("ed25519");
  const file = (name: string, content: string, mode = 0o600): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  const bad: Readonly<Record<string, HostKeySource>> = {
    "a serialised object": { key: JSON.stringify({ type: "rsa", key: good }) },
    "a public key": { key: keyLine(USER_KEY) },
    "above 64 KiB": file("large", good + "\n".repeat(66_000)),
    "readable by others": file("open", good, 0o644),
    "4096 rounds of bcrypt": { key: withRounds(4096), passphrase: "secret" },
  };
  for (const [what, hostKeys] of Object.entries(bad)) {
    const server = new Server({ port: 0, hostKeys, allowAnyone: true, log: false });
    await assert.rejects(server.run(), { code: "BAD_HOST_KEY" }, what);
    await server.close();
  }
  const server = new Server({ port: 0, hostKeys: file("good", good), allowAnyone: true, log: false });
  await server.run();
  await server.close();
});

/** A locked key whose file asks for so much work. */
function withRounds(rounds: number): string {
  const bcrypt = (_: Uint8Array, __: Uint8Array, ___: number, length: number): Uint8Array => new Uint8Array(length);
  const [head, ...lines] = generatePrivateKey("ed25519", { passphrase: "secret", bcrypt, rounds: 1 })
    .trim()
    .split("\n");
  const foot = lines.pop();
  const bytes = Buffer.from(lines.join(""), "base64");
  // OpenSSH PROTOCOL.key: behind the name of the function come a salt of 16 bytes and the rounds.
  bytes.writeUInt32BE(rounds, bytes.indexOf("bcrypt") + "bcrypt".length + 4 + 4 + 16);
  return [head, bytes.toString("base64"), foot, ""].join("\n");
}

/** The words of a handshake up to one of its steps, and how much of an answer comes at least. */
const halves = [1, 2, 3].map((steps) => {
  const client = new Client(silent);
  client.sendIdentification();
  if (steps > 1) client.sendKexInit();
  if (steps > 2) client.sendKexEcdhInit("curve25519-sha256");
  return { words: client.pull(), answer: steps > 2 ? 1200 : 1 };
});

// Ten thousand were tried, too: what one leaves behind shows in fewer.
test("A95: thousands of handshakes that nobody ends leave nothing behind", async (t) => {
  const bar = await Bar.open(t);
  const abandon = (_: unknown, number: number): Promise<void> => {
    const { words, answer } = halves[number % halves.length]!;
    const socket = connect(bar.port, "127.0.0.1", () => socket.write(words));
    socket.on("error", () => undefined);
    socket.on("data", () => socket.bytesRead >= answer && socket.destroy());
    return new Promise((resolve) => socket.once("close", () => resolve()));
  };
  const abandonAll = async (count: number): Promise<void> => {
    for (let done = 0; done < count; done += 50) await Promise.all(Array.from({ length: 50 }, abandon));
    await bar.gone();
    bar.log.length = 0;
  };
  await abandonAll(500);
  const growth = await kept(() => abandonAll(2000));
  assert.ok(growth < 2 ** 20, `${growth} bytes`);
});

test("A96: five hundred connections that do nothing are let in up to the caps, and cost those who are in nothing", async (t) => {
  for (const [limits, most] of [
    [{ maxStartups: {}, perSourceMaxStartups: 16 }, 16],
    [{ maxStartups: {} }, 100],
  ] as const) {
    const bar = await Bar.open(t, { limits });
    const sockets = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const socket = connect(bar.port, "127.0.0.1");
        t.after(() => socket.destroy());
        socket.on("error", () => undefined);
        // The server says something to those whom it takes in, and nothing to others.
        await new Promise((resolve) => socket.once("data", resolve).once("close", resolve));
        return socket;
      }),
    );
    const spoken = sockets.filter(({ bytesRead }) => bytesRead > 0);
    assert.ok(spoken.length >= 10 && spoken.length <= most, `${spoken.length} were let in`);
    await bar.othersAreWell();
    for (const socket of sockets) socket.destroy();
    await bar.gone();
    await bar.peer("logged in");
  }
});

test("A97: no secret and nothing of what is typed stands in a log, at any level, nor in the server when it is looked at", async (t) => {
  const secrets = ["right", "opensesame", "marker-of-a-session", "marker-of-an-answer"];
  const [password, wrong, typed, answer] = secrets as [string, string, string, string];
  const bar = await Bar.open(t);
  const peer = await bar.peer("handshake done");
  assert.equal(await peer.tryPassword("ada", wrong), "failure");
  assert.equal(await peer.tryPassword("ada", `${wrong}${"x".repeat(2000)}`), "failure");
  assert.equal(await peer.tryInteractive("ada", [answer]), "failure");
  assert.equal(await peer.tryPassword("ada", password), "success");
  const channel = await peer.exec("cat");
  peer.send(channelData(channel, typed));
  await peer.prints(new RegExp(typed));
  const shown = [inspect(bar.server, { depth: Infinity }), JSON.stringify(bar.server.options)];
  peer.send(channelEof(channel));
  await peer.next(messages.channelClose);
  // The server's own entries of the level "debug" are among these.
  shown.push(
    JSON.stringify(bar.log),
    inspect(bar.log, { depth: Infinity }),
    bar.log.map((entry) => formatEntry(entry)).join(),
  );
  assert.ok(bar.log.some(({ level }) => level === "debug"));
  for (const text of shown) assert.doesNotMatch(text, /\bright\b|opensesame|marker-of|BEGIN OPENSSH/);
});
