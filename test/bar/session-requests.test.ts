/** Security bar, part A3: what a client asks of a session, of the host's keys, and of forwarding. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { authorizedKeys } from "../../src/auth/index.ts";
import { generatePrivateKey, parsePrivateKey } from "../../src/crypto/index.ts";
import { Server } from "../../src/index.ts";
import { messages, Msg, OpenFailure, Reader, Writer } from "../../src/wire/index.ts";
import { clientKey, verifyHostKey } from "../client/index.ts";
import {
  Bar,
  channelData,
  channelEof,
  channelOpen,
  channelRequest,
  env,
  exec,
  globalRequest,
  keyLine,
  PASSWORD,
  Peer,
  pty,
  shell,
  subsystem,
} from "./harness/index.ts";

/** Sends requests one by one and gives for each whether it was granted; the end of the connection is a refusal, too. */
async function granted(peer: Peer, ...requests: readonly Uint8Array[]): Promise<boolean[]> {
  const results: boolean[] = [];
  for (const request of requests) {
    const before = peer.came(Msg.CHANNEL_SUCCESS);
    const answered = (): number => peer.came(Msg.CHANNEL_SUCCESS) + peer.came(Msg.CHANNEL_FAILURE);
    const answers = answered();
    peer.send(request);
    await peer.until("a reply", () => answered() > answers);
    results.push(peer.came(Msg.CHANNEL_SUCCESS) > before);
  }
  return results;
}

const signal = (channel: number, name: string | Uint8Array): Uint8Array =>
  channelRequest(channel, "signal", new Writer().string(Buffer.from(name)).finish());

for (const [what, first] of [
  ["a command", (channel: number) => exec(channel, "cat")],
  ["a shell", shell],
  ["a subsystem", (channel: number) => subsystem(channel, "echo")],
] as const) {
  test(`A66: ${what} is the only program of its channel`, async (t) => {
    const bar = await Bar.open(t);
    bar.server.subsystem("echo", async (client) => {
      for await (const bytes of client.stdin) client.send(bytes as Uint8Array);
    });
    const peer = await bar.peer("logged in");
    const channel = await peer.openSession();
    assert.deepEqual(await granted(peer, first(channel)), [true]);
    const seconds = [exec(channel, "down 1"), shell(channel), subsystem(channel, "echo"), pty(channel)];
    assert.deepEqual(await granted(peer, ...seconds), [false, false, false, false]);
    peer.send(channelData(channel, "once\n"));
    await peer.prints(/once/);
    assert.ok(!bar.seen.includes("exec down 1"));
  });
}

const variables = [
  "LD_PRELOAD",
  "LD_LIBRARY_PATH",
  "NODE_OPTIONS",
  "PATH",
  "BASH_ENV",
  "IFS",
  "SHELL",
  "SSH_ORIGINAL_COMMAND",
  "LANG",
  "__proto__",
];
const noVariables = ["--split-string", "A=B", "A\0B", "", "1A", "Ä", "A B", "A".repeat(65), "A\n"];

test("A67: by default no variable is taken, and a name that is none never", async (t) => {
  const careful = await Bar.open(t);
  const peer = await careful.peer("logged in");
  const channel = await peer.openSession();
  for (const name of [...variables, ...noVariables]) {
    assert.deepEqual(await granted(peer, env(channel, name, "/tmp/evil")), [false], name);
  }
  const careless = await Bar.open(t, { acceptEnv: ["*"] });
  const other = await careless.peer("logged in");
  const open = await other.openSession();
  for (const name of noVariables) assert.deepEqual(await granted(other, env(open, name, "x")), [false], name);
});

test("A67: of the variables that the app takes there are 64 at most, of 4 KiB", async (t) => {
  const bar = await Bar.open(t, { acceptEnv: ["LC_*"] });
  const peer = await bar.peer("logged in");
  const channel = await peer.openSession();
  const values = [env(channel, "LC_A", "v".repeat(4097)), env(channel, "LC_A", "a\0b"), env(channel, "XLC_A", "v")];
  assert.deepEqual(await granted(peer, ...values), [false, false, false]);
  peer.send(...Array.from({ length: 3000 }, (_, i) => env(channel, `LC_X${i}`, "v".repeat(1000))));
  await peer.settled();
  assert.equal(peer.came(Msg.CHANNEL_SUCCESS), 64);
  assert.deepEqual(await granted(peer, exec(channel, "env LC_X63")), [true]);
  await peer.prints(/^v{1000}\n$/);
});

test("A68: a terminal of any size and with any modes is clamped, or refused, and harms nobody", async (t) => {
  const bar = await Bar.open(t);
  const mode = (opcode: number, value: number): Uint8Array => new Writer().byte(opcode).uint32(value).finish();
  const huge = { width: 0xffff_ffff, height: 0xffff_ffff, pixelWidth: 0xffff_ffff, pixelHeight: 0xffff_ffff };
  const odd: readonly (readonly [Partial<messages.PtyRequest>, string | undefined])[] = [
    [{ ...huge, modes: Uint8Array.of(0) }, "pty xterm 65535x65535"],
    [{ term: "", width: 0, height: 0 }, "pty  80x24"],
    [{ term: "x".repeat(30_000) }, undefined],
    [{ modes: Uint8Array.of(1, 0, 0) }, "pty xterm 80x24"],
    [{ modes: Buffer.alloc(5000, 0xff) }, undefined],
    [{ modes: Buffer.concat(Array.from({ length: 3000 }, () => mode(53, 1))) }, undefined],
    [{ modes: Buffer.concat([mode(53, 1), Buffer.alloc(500, 0xff)]) }, "pty xterm 80x24"],
    [{ term: "\u001b[31m\0" }, undefined],
    [{ term: "../../etc/passwd", modes: Buffer.concat([mode(128, 0xffff_ffff), mode(129, 0)]) }, undefined],
  ];
  for (const [request, seen] of odd) {
    bar.seen.length = 0;
    const peer = await bar.peer("logged in");
    const channel = await peer.openSession();
    assert.deepEqual(await granted(peer, pty(channel, request)), [seen !== undefined]);
    const change = messages.windowChangeRequest.encode({ ...huge, height: 0, pixelHeight: 0 });
    peer.send(channelRequest(channel, "window-change", change, false));
    // One that was refused may be asked for again, one that was granted not.
    assert.deepEqual(await granted(peer, pty(channel), shell(channel)), [seen === undefined, true]);
    peer.send(channelData(channel, "still here\r"));
    await peer.prints(/still here/);
    assert.equal(bar.seen[0], seen ?? "pty xterm 80x24");
  }
});

test("A69: of signals only those with a name arrive, and only where a program is", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.openSession();
  const odd = ["BOGUS", "", "SIGKILL", "__proto__", "9", "int", "INT\0", Uint8Array.of(0xff)];
  for (const name of ["INT", "KILL", ...odd]) assert.deepEqual(await granted(peer, signal(channel, name)), [false]);
  assert.deepEqual(await granted(peer, exec(channel, "cat")), [true]);
  await peer.settled();
  for (const name of odd) assert.deepEqual(await granted(peer, signal(channel, name)), [false]);
  assert.deepEqual(await granted(peer, signal(channel, "USR1")), [true]);
  assert.deepEqual(bar.seen.slice(1), ["exec cat", "signal USR1"]);
});

test("A69: a subsystem and a command that the login is bound to get no signals", async (t) => {
  const key = clientKey("ssh-ed25519");
  const bar = await Bar.open(t, { auth: [authorizedKeys({ text: keyLine(key, 'command="cat"') })] });
  bar.server.subsystem("sleep", async (client) => {
    for await (const _ of client.stdin);
  });
  const bound = await bar.peer("handshake done");
  assert.equal(await bound.tryKey("ada", key), "success");
  const free = await bar.peer("logged in");
  for (const [peer, program] of [
    [bound, exec(0, "anything")],
    [free, subsystem(0, "sleep")],
  ] as const) {
    const channel = await peer.openSession();
    assert.deepEqual(await granted(peer, program), [true]);
    await peer.settled();
    for (const name of ["INT", "TERM", "USR1"]) assert.deepEqual(await granted(peer, signal(channel, name)), [false]);
  }
  assert.deepEqual(
    bar.seen.filter((what) => what.startsWith("signal")),
    [],
  );
});

const destination = (host: string | Uint8Array, port: number): Uint8Array =>
  new Writer(6000).string(Buffer.from(host)).uint32(port).utf8("127.0.0.1").uint32(1).finish();
const listener = (host: string | Uint8Array, port: number): Uint8Array =>
  new Writer().string(Buffer.from(host)).uint32(port).finish();

test("A70: no host and no port, possible or not, is connected to or listened on", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const hosts = ["127.0.0.1", "", Uint8Array.of(0xff, 0xfe), "127.0.0.1\0x", "a".repeat(5000), "-oX"];
  for (const host of hosts) {
    for (const port of [22, 0, 65_536, 2 ** 32 - 1]) {
      peer.send(channelOpen({ type: "direct-tcpip", sender: 5, data: destination(host, port) }));
      const { reason, recipient } = await peer.next(messages.channelOpenFailure);
      assert.deepEqual([reason, recipient], [OpenFailure.ADMINISTRATIVELY_PROHIBITED, 5]);
      peer.send(globalRequest("tcpip-forward", listener(host.slice(0, 50), port)));
      await peer.next(messages.requestFailure);
    }
  }
});

test("A71: forwarding is never granted with nothing behind it, and nothing is connected to meanwhile", async (t) => {
  const bar = await Bar.open(t);
  let connections = 0;
  const target = createServer(() => connections++);
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  t.after(() => target.close());
  const { port } = target.address() as AddressInfo;
  const peer = await bar.peer("logged in");
  peer.send(channelOpen({ type: "direct-tcpip", data: destination("127.0.0.1", port) }));
  await peer.next(messages.channelOpenFailure);
  for (const request of [
    globalRequest("tcpip-forward", listener("127.0.0.1", 0)),
    globalRequest("cancel-tcpip-forward", listener("127.0.0.1", port)),
    globalRequest("streamlocal-forward@openssh.com", new Writer().utf8("/tmp/never.sock").finish()),
  ]) {
    peer.send(request);
    await peer.next(messages.requestFailure);
  }
  await bar.othersAreWell();
  assert.equal(connections, 0);
});

test("A72: an app without handlers serves nothing: every request is refused", async (t) => {
  const hostKeys = { key: generatePrivateKey("ed25519") };
  const server = new Server({ port: 0, hostKeys, log: false, useExternalAuth: true });
  server.onUser("auth", ({ method }) => method === "password");
  const peer = await Peer.connect((await server.run()).port);
  t.after(() => {
    peer.socket.destroy();
    return server.close();
  });
  await peer.handshake();
  assert.equal(await peer.tryPassword("ada", PASSWORD), "success");
  const channel = await peer.openSession();
  const x11 = new Writer().boolean(false).utf8("MIT-MAGIC-COOKIE-1").utf8("00").uint32(0).finish();
  const requests = [
    shell(channel),
    exec(channel, "id"),
    subsystem(channel, "sftp"),
    pty(channel),
    env(channel, "LANG", "C"),
    signal(channel, "INT"),
    channelRequest(channel, "x11-req", x11),
    channelRequest(channel, "auth-agent-req@openssh.com"),
    channelRequest(channel, "xon-xoff", new Writer().boolean(true).finish()),
    channelRequest(channel, "break", new Writer().uint32(100).finish()),
  ];
  assert.deepEqual(
    await granted(peer, ...requests),
    requests.map(() => false),
  );
  peer.send(globalRequest("tcpip-forward", listener("127.0.0.1", 0)));
  await peer.next(messages.requestFailure);
  peer.send(channelOpen({ type: "direct-tcpip", data: destination("127.0.0.1", 22) }));
  await peer.next(messages.channelOpenFailure);
});

const hostKeys = (["ed25519", "ecdsa"] as const).map((type) => ({ key: generatePrivateKey(type) }));
const [first, second] = hostKeys.map(({ key }) => parsePrivateKey(key).publicKey.blob) as [Uint8Array, Uint8Array];

/** Asks for the proof of these keys; gives the content of the answer, if there is one. */
async function prove(peer: Peer, ...blobs: readonly Uint8Array[]): Promise<Uint8Array | undefined> {
  const to = new Writer(128 * (blobs.length + 1));
  for (const blob of blobs) to.string(blob);
  const [good, bad] = [peer.came(Msg.REQUEST_SUCCESS), peer.came(Msg.REQUEST_FAILURE)];
  peer.send(globalRequest("hostkeys-prove-00@openssh.com", to.finish()));
  await peer.until("a reply", () => peer.came(Msg.REQUEST_SUCCESS) + peer.came(Msg.REQUEST_FAILURE) > good + bad);
  return peer.came(Msg.REQUEST_SUCCESS) > good ? (await peer.next(messages.requestSuccess)).data : undefined;
}

test("A73: only the host's own keys are proved, each once for a connection, and nothing else is signed", async (t) => {
  const bar = await Bar.open(t, { hostKeys });
  const foreign = clientKey("ssh-ed25519").blob;
  const peer = await bar.peer("logged in");
  for (const blobs of [
    [],
    [foreign],
    [first, foreign],
    [new Uint8Array()],
    [first.subarray(0, -1)],
    [Buffer.from([...first, 0])],
    [Buffer.from("x")],
    Array.from({ length: 400 }, () => first),
  ]) {
    assert.equal(await prove(peer, ...blobs), undefined);
  }
  const proofs = new Reader((await prove(peer, first, second))!);
  for (const [blob, algorithm] of [
    [first, "ssh-ed25519"],
    [second, "ecdsa-sha2-nistp256"],
  ] as const) {
    const data = new Writer(300).utf8("hostkeys-prove-00@openssh.com").string(peer.client.sessionId!).string(blob);
    assert.ok(verifyHostKey(blob, algorithm, proofs.string(), data.finish()));
  }
  proofs.end();
  assert.deepEqual([await prove(peer, first), await prove(peer, second)], [undefined, undefined]);
  await bar.closes("logged in", (peer) =>
    peer.send(globalRequest("hostkeys-prove-00@openssh.com", Buffer.alloc(4, 0xff))),
  );
});

test("A74: a command is text and reaches the app as it is; nothing in it is understood", async (t) => {
  const bar = await Bar.open(t);
  const commands = [
    "",
    "\0",
    "true\0rm",
    '"',
    "'",
    "x=%s, precommand=1, client=None, env={}",
    '{"__proto__": {"user": "root"}}',
    "A".repeat(30_000),
  ];
  for (const command of commands) {
    bar.seen.length = 0;
    const peer = await bar.peer("logged in");
    const channel = await peer.openSession();
    peer.send(exec(channel, command));
    await peer.next(messages.channelSuccess);
    await peer.next(messages.channelClose);
    assert.deepEqual(bar.seen, ["login ada by password", `exec ${command}`]);
  }
  const peer = await bar.peer("logged in");
  assert.deepEqual(await granted(peer, exec(await peer.openSession(), "A".repeat(32_769))), [false]);
  const bytes = await bar.peer("logged in");
  bytes.send(exec(await bytes.openSession(), Uint8Array.of(0xff, 0xfe)), channelEof(0));
  await bytes.next(messages.channelClose);
  assert.equal(bar.seen.at(-1), "exec \ufffd\ufffd");
});
