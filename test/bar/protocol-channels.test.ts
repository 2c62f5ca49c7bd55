/** Security bar, part C: channels, their windows, their ends and the requests on a session (RFC 4254 §5 and §6, RFC 4335). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { generatePrivateKey } from "../../src/crypto/index.ts";
import { Server } from "../../src/index.ts";
import { DisconnectReason, messages, Msg, Writer } from "../../src/wire/index.ts";
import {
  Bar,
  channelClose,
  channelData,
  channelEof,
  channelRequest,
  env,
  exec,
  extendedData,
  Peer,
  pty,
  shell,
  subsystem,
  windowAdjust,
} from "./harness/index.ts";

const MIB = 2 ** 20;
const EMPTY = new Uint8Array(0);

/** The lengths of the data that has come, of both kinds. */
function lengths(peer: Peer): readonly number[] {
  return peer.client.unread.splice(0).flatMap((payload) => {
    if (payload[0] === Msg.CHANNEL_DATA) return [messages.channelData.decode(payload).data.length];
    if (payload[0] === Msg.CHANNEL_EXTENDED_DATA) return [messages.channelExtendedData.decode(payload).data.length];
    return [];
  });
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const signal = (channel: number, name: string, wantReply = true): Uint8Array =>
  channelRequest(channel, "signal", messages.signalRequest.encode({ signal: name }), wantReply);
const windowChange = (channel: number, wantReply = true): Uint8Array =>
  channelRequest(
    channel,
    "window-change",
    messages.windowChangeRequest.encode({ width: 120, height: 40, pixelWidth: 0, pixelHeight: 0 }),
    wantReply,
  );
const breakRequest = (channel: number): Uint8Array =>
  channelRequest(channel, "break", messages.breakRequest.encode({ milliseconds: 500 }));

test("C59: the client's window and maximum packet are kept to the byte, output and errors together", async (t) => {
  const bar = await Bar.open(t);
  bar.server.subsystem("both", async (client) => {
    for (let i = 0; i < 100; i++) {
      client.stdout.write(Buffer.alloc(101, "o"));
      client.stderr.write(Buffer.alloc(77, "e"));
    }
    await client.drained();
  });
  const peer = await bar.peer("logged in");
  const channel = await peer.openSession({ window: 1000, maxPacket: 300 });
  assert.ok(await peer.granted(subsystem(channel, "both")));
  let allowed = 1000;
  let total = 0;
  for (const more of [0, 1, 299, 300, 301, 5000]) {
    allowed += more;
    peer.send(windowAdjust(channel, more));
    await peer.until("what the window has room for", () => {
      const sizes = lengths(peer);
      assert.ok(sizes.every((size) => size > 0 && size <= 300));
      total += sum(sizes);
      return total >= allowed;
    });
    await peer.settled();
    assert.deepEqual([total + sum(lengths(peer)), allowed], [allowed, allowed]);
  }
});

test("C60: windows of up to 2^32-1 bytes are used, and one above it ends the connection", async (t) => {
  const bar = await Bar.open(t);
  for (const window of [2 ** 32 - 1, 0]) {
    const peer = await bar.peer("logged in");
    const channel = await peer.exec("down 1", { window });
    if (window === 0) peer.send(windowAdjust(channel, 2 ** 32 - 1));
    await peer.next(messages.channelClose);
    assert.equal(peer.output().length, MIB);
  }
  for (const [window, adjust] of [
    [2 ** 32 - 1, 1],
    [1, 2 ** 32 - 1],
    [2 ** 31, 2 ** 31],
  ] as const) {
    const { reason } = await bar.closes("logged in", async (peer) => {
      const channel = await peer.openSession({ window });
      peer.send(windowAdjust(channel, adjust));
    });
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
  }
});

test("C61: what the app has read is given back to the client's window, and what nobody reads too", async (t) => {
  const bar = await Bar.open(t);
  for (const [what, command, send] of [
    ["what is read", "up", (channel: number) => channelData(channel, Buffer.alloc(32_768))],
    [
      "errors, which a client has none of",
      "sleep 3600",
      (channel: number) => extendedData(channel, 1, Buffer.alloc(32_768)),
    ],
    [
      "data of a kind that nobody knows",
      "sleep 3600",
      (channel: number) => extendedData(channel, 77, Buffer.alloc(32_768)),
    ],
  ] as const) {
    const peer = await bar.peer("logged in");
    const channel = await peer.exec(command);
    let given = MIB;
    for (let sent = 0; sent < 4 * MIB; sent += 32_768) {
      while (given < 32_768) given += (await peer.next(messages.channelWindowAdjust)).bytes;
      peer.send(send(channel));
      given -= 32_768;
    }
    await peer.settled();
    assert.ok(peer.came(Msg.CHANNEL_WINDOW_ADJUST) >= 3, what);
  }
});

test("C62: EOF is one-way: the program's output goes on", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.exec("down 2", { window: 1000 });
  peer.send(channelEof(channel), windowAdjust(channel, 4 * MIB));
  await peer.next(messages.channelClose);
  assert.equal(peer.output().length, 2 * MIB);
  const reading = await peer.exec("up", { sender: 1 });
  peer.send(channelData(reading, "five!"), channelEof(reading));
  await peer.next(messages.channelClose);
  assert.equal(peer.output(1).toString(), "5\n");
});

test("C63: CLOSE is answered by CLOSE, once, and nothing of the channel is sent behind it", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  for (const [command, isOver] of [
    ["down 8", false],
    ["sleep 3600", false],
    ["exit 3", true],
  ] as const) {
    const channel = await peer.exec(command);
    if (isOver) await peer.until("the server's CLOSE", () => peer.client.numbers.at(-1) === Msg.CHANNEL_CLOSE);
    peer.send(channelClose(channel));
    await peer.next(messages.channelClose);
    await peer.settled();
    const { numbers } = peer.client;
    assert.deepEqual(numbers.slice(numbers.lastIndexOf(Msg.CHANNEL_CLOSE) + 1), [Msg.PONG], command);
    assert.equal(channel, 0, "its number is free again");
  }
  assert.equal(peer.came(Msg.CHANNEL_CLOSE), 3);
});

test("C64: the exit status is told once, before CLOSE, whatever ended the program", async (t) => {
  const bar = await Bar.open(t, { limits: { maxUnsent: 65_536 } });
  bar.server.subsystem("flood", (client) => client.send(Buffer.alloc(MIB)));
  bar.server.subsystem("kicked", (client) => void bar.server.kick(client));
  const peer = await bar.peer("logged in");
  for (const [request, status, window] of [
    [(channel: number) => exec(channel, "exit 0"), 0, MIB],
    [(channel: number) => exec(channel, "exit 255"), 255, MIB],
    [(channel: number) => exec(channel, "fail"), 1, MIB],
    [(channel: number) => exec(channel, "no such program"), 127, MIB],
    [(channel: number) => subsystem(channel, "kicked"), 1, MIB],
    [(channel: number) => subsystem(channel, "flood"), 1, 0],
  ] as const) {
    const channel = await peer.openSession({ window });
    assert.ok(await peer.granted(request(channel)));
    const { type, wantReply, data } = await peer.next(messages.channelRequest);
    assert.deepEqual([type, wantReply], ["exit-status", false]);
    assert.equal(messages.exitStatusRequest.decode(data).status, status);
    await peer.next(messages.channelClose);
    peer.send(channelClose(channel));
    await peer.settled();
  }
  assert.equal(peer.came(Msg.CHANNEL_REQUEST), 6);
});

test("C65: of shell, exec and subsystem a channel has one", async (t) => {
  const bar = await Bar.open(t);
  bar.server.subsystem("echo", async (client) => {
    for await (const bytes of client.stdin) client.send(bytes as Uint8Array);
  });
  const programs = [
    (channel: number) => shell(channel),
    (channel: number) => exec(channel, "cat"),
    (channel: number) => subsystem(channel, "echo"),
  ];
  const peer = await bar.peer("logged in");
  for (const first of programs) {
    const channel = await peer.openSession();
    assert.equal(await peer.granted(first(channel)), true);
    for (const second of programs) assert.equal(await peer.granted(second(channel)), false);
    peer.send(channelClose(channel));
    await peer.next(messages.channelClose);
  }
});

test("C66: a terminal comes before the program, its modes end at TTY_OP_END, and no reply comes unasked", async (t) => {
  const bar = await Bar.open(t);
  const modes: unknown[] = [];
  bar.server.onUser("connectpty", (_, data) => void modes.push(Object.fromEntries(data.modes)));
  const peer = await bar.peer("logged in");
  const channel = await peer.openSession();
  const encoded = new Writer().byte(1).uint32(3).byte(53).uint32(1).byte(0).byte(53).uint32(0).finish();
  assert.equal(await peer.granted(windowChange(channel)), false, "there is no terminal yet");
  assert.equal(await peer.granted(pty(channel, { modes: encoded })), true);
  assert.equal(await peer.granted(pty(channel)), false, "there is one already");
  assert.deepEqual(modes, [{ VINTR: 3, ECHO: 1 }]);
  assert.equal(await peer.granted(shell(channel)), true);
  assert.equal(await peer.granted(windowChange(channel)), true);
  const replies = (): number => peer.came(Msg.CHANNEL_SUCCESS) + peer.came(Msg.CHANNEL_FAILURE);
  const before = replies();
  peer.send(windowChange(channel, false), signal(channel, "INT", false), signal(channel, "XYZ", false));
  await peer.settled();
  assert.equal(replies(), before);
  assert.equal(await peer.granted(signal(channel, "INT")), true);
  assert.deepEqual(
    bar.seen.filter((line) => line.startsWith("signal")),
    ["signal INT", "signal INT"],
  );
  const late = await peer.exec("cat", { sender: 1 });
  assert.equal(await peer.granted(pty(late)), false);
});

test("C67: xon-xoff is for a server to send, and refused to a client", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.openSession();
  assert.ok(await peer.granted(pty(channel)));
  assert.ok(await peer.granted(shell(channel)));
  assert.equal(await peer.granted(channelRequest(channel, "xon-xoff", Uint8Array.of(1))), false);
});

test("C68: a break is refused where nobody listens for it", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  assert.equal(await peer.granted(breakRequest(await peer.openSession())), false, "no program runs");
  assert.equal(await peer.granted(breakRequest(await peer.exec("cat", { sender: 1 }))), true);
  assert.ok(bar.seen.includes("signal BREAK"));

  const deaf = new Server({ port: 0, allowAnyone: true, hostKeys: generatePrivateKey("ed25519"), log: false });
  deaf.onUser("exec", () => new Promise<void>(() => undefined));
  const other = await Peer.connect((await deaf.run()).port);
  t.after(() => {
    other.socket.destroy();
    return deaf.close();
  });
  await other.handshake();
  assert.equal(await other.tryPassword("ada", "any"), "success");
  assert.equal(await other.granted(breakRequest(await other.exec("wait"))), false);
});

test("C69: a variable is refused unless its name is allowed", async (t) => {
  const bar = await Bar.open(t, { acceptEnv: ["LANG", "LC_*"] });
  const peer = await bar.peer("logged in");
  const channel = await peer.openSession();
  for (const [name, expected] of [
    ["LANG", true],
    ["LC_ALL", true],
    ["LANGUAGE", false],
    ["LD_PRELOAD", false],
    ["lang", false],
    ["LC_A=B", false],
    ["constructor", false],
    ["", false],
  ] as const) {
    assert.equal(await peer.granted(env(channel, name, "x")), expected, name);
  }
  assert.ok(await peer.granted(exec(channel, "env LANG")));
  await peer.prints(/^x\n$/);
});

test("C74: eow@openssh.com is accepted, and has no reply", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.exec("cat");
  const before = peer.client.numbers.length;
  peer.send(channelRequest(channel, "eow@openssh.com", EMPTY, false), channelData(channel, "it goes on"));
  await peer.prints(/^it goes on$/);
  assert.deepEqual(peer.client.numbers.slice(before), [Msg.CHANNEL_DATA]);
});
