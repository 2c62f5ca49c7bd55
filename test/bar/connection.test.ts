/** Security bar, part A3: channels, their windows and their ids, and what the app writes to them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { DisconnectReason, messages, Msg, OpenFailure } from "../../src/wire/index.ts";
import { kept } from "../client/index.ts";
import { install } from "../target/programs.ts";
import {
  Bar,
  channelClose,
  channelData,
  channelEof,
  channelOpen,
  channelRequest,
  exec,
  extendedData,
  ping,
  shell,
  windowAdjust,
} from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const MIB = 2 ** 20;

test("A57: a window above 2^32-1 ends the connection, in whatever steps it is reached", async (t) => {
  const bar = await Bar.open(t);
  for (const [window, ...steps] of [
    [0, 0xffff_ffff, 1],
    [0, 0x8000_0000, 0x8000_0000],
    [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff],
    [0xffff_ffff, 1],
  ] as const) {
    const { reason } = await bar.closes("logged in", async (peer) => {
      const channel = await peer.openSession({ window });
      peer.send(...steps.map((bytes) => windowAdjust(channel, bytes)));
    });
    assert.equal(reason, DisconnectReason.PROTOCOL_ERROR);
  }
  const peer = await bar.peer("logged in");
  const channel = await peer.exec("cat", { window: 0 });
  peer.send(windowAdjust(channel, 0xffff_ffff), channelData(channel, "all of it"));
  await peer.prints(/^all of it$/);
});

/** An app that reads nothing until it is let, and tells then how much there is. */
function patient(release: Promise<void>): (server: Bar["server"]) => void {
  return (server) => {
    server.onUser("exec", async (client, command) => {
      if (command !== "later") return;
      await release;
      let length = 0;
      for await (const bytes of client.stdin) length += (bytes as Uint8Array).length;
      client.sendln(String(length));
      return 0;
    });
    install(server);
  };
}

const WINDOW = 128 * 1024;
const packet = Buffer.alloc(32_768, "v");

test("A58: of what comes past the window nothing is delivered", async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const bar = await Bar.open(t, { app: patient(promise), limits: { window: WINDOW } });
  const peer = await bar.peer("logged in");
  const channel = await peer.exec("later");
  peer.send(...Array.from({ length: WINDOW / packet.length }, () => channelData(channel, packet)));
  peer.send(channelData(channel, packet.subarray(0, WINDOW / 10)), channelEof(channel));
  await peer.settled();
  resolve();
  await peer.prints(new RegExp(`^${WINDOW}\n$`));
});

test("A58: more than a tenth of the window past it ends the connection, and so does a packet above the maximum", async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const bar = await Bar.open(t, { app: patient(promise), limits: { window: WINDOW } });
  for (const data of [
    Array.from({ length: WINDOW / packet.length + 1 }, () => packet),
    Array.from({ length: (8 * MIB) / packet.length }, () => packet),
    [Buffer.alloc(32_769)],
    [Buffer.alloc(37_768)],
  ]) {
    await bar.closes("logged in", async (peer) => {
      const channel = await peer.exec("later");
      peer.send(...data.map((bytes) => channelData(channel, bytes)));
    });
  }
  resolve();
});

test("A59: an app whose output is blocked takes no more than a window, and memory stays flat", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.exec("cat", { window: 0 });
  let granted = MIB;
  peer.client.intercept = (payload) => {
    if (payload[0] !== Msg.CHANNEL_WINDOW_ADJUST) return false;
    granted += messages.channelWindowAdjust.decode(payload).bytes;
    return true;
  };
  let sent = 0;
  const growth = await kept(async () => {
    // Until no more is granted, although all has been sent for a while.
    for (let idle = 0; idle < 20 && sent < 48 * MIB; idle++) {
      for (; sent + packet.length <= granted; sent += packet.length, idle = 0) {
        peer.send(channelData(channel, packet));
      }
      await peer.settled();
      await setImmediate();
    }
  });
  assert.ok(sent >= MIB && sent <= 4 * MIB, `${sent} bytes were taken`);
  assert.ok(growth < 8 * MIB, `${growth} bytes`);
  await bar.othersAreWell();
});

test("A60: a client that does not read its answers is not read any further, and has all of them when it does", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const flood = { asked: 0, isStalled: false };
  let answers = 0;
  peer.client.intercept = (payload) => payload[0] === Msg.PONG && payload.length > 1000 && ++answers > 0;
  peer.socket.pause();
  const growth = await kept(async () => {
    while (flood.asked * 30_000 < 64 * MIB && !flood.isStalled) {
      peer.send(...Array.from({ length: 20 }, () => ping("x".repeat(30_000))));
      flood.asked += 20;
      for (let turns = 0; peer.socket.writableLength > 0 && !flood.isStalled; turns++) {
        await bar.othersAreWell();
        flood.isStalled = turns > 50;
      }
    }
  });
  assert.ok(flood.isStalled, "all was read");
  assert.ok(growth < 16 * MIB, `${growth} bytes`);
  peer.socket.resume();
  await peer.until("all answers", () => answers === flood.asked);
});

test("A60: an app that writes on and on to a client that does not read loses that session, and nothing piles up", async (t) => {
  const bar = await Bar.open(t, {
    app: (server) => {
      server.onUser("exec", (client, command) => {
        if (command !== "careless") return;
        for (let written = 0; written < 64 * MIB; written += packet.length) client.send(packet);
      });
      install(server);
    },
  });
  const peer = await bar.peer("logged in");
  const other = await peer.exec("cat", { sender: 1 });
  const growth = await kept(async () => {
    await peer.exec("careless", { sender: 2, window: 0 });
    await peer.next(messages.channelClose);
  });
  assert.ok(growth < 4 * MIB, `${growth} bytes`);
  peer.send(channelData(other, "still here"));
  await peer.prints(/^still here$/, 1);
});

test("A61: thousands of refused channels leave no trace", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const refuse = async (count: number): Promise<void> => {
    const before = peer.came(Msg.CHANNEL_OPEN_FAILURE);
    peer.send(...Array.from({ length: count }, (_, sender) => channelOpen({ type: "bogus", sender })));
    await peer.until("refusals", () => peer.came(Msg.CHANNEL_OPEN_FAILURE) === before + count);
    peer.client.unread = [];
  };
  await refuse(500);
  const growth = await kept(() => refuse(3000));
  assert.ok(growth < MIB, `${growth} bytes`);
  await peer.openSession();
});

test("A62: a connection has ten sessions at once, and two hundred one after the other", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  for (let sender = 0; sender < 10; sender++) await peer.openSession({ sender });
  peer.send(channelOpen({ sender: 10 }));
  assert.equal((await peer.next(messages.channelOpenFailure)).reason, OpenFailure.RESOURCE_SHORTAGE);
  for (let sender = 10; sender < 210; sender++) {
    peer.send(channelClose(sender % 10));
    await peer.next(messages.channelClose);
    assert.equal(await peer.openSession({ sender }), sender % 10);
  }
});

for (const [what, start] of [
  ["exec", (peer: Peer) => peer.exec("cat")],
  [
    "shell",
    async (peer: Peer) => {
      const channel = await peer.openSession();
      peer.send(shell(channel));
      await peer.next(messages.channelSuccess);
      return channel;
    },
  ],
] as const) {
  test(`A62: extended data to ${what} is dropped whatever its type, and its window comes back`, async (t) => {
    const bar = await Bar.open(t, { limits: { window: WINDOW } });
    const peer = await bar.peer("logged in");
    const channel = await start(peer);
    let sent = 0;
    let credit = WINDOW;
    peer.client.intercept = (payload) => {
      if (payload[0] !== Msg.CHANNEL_WINDOW_ADJUST) return false;
      credit += messages.channelWindowAdjust.decode(payload).bytes;
      return true;
    };
    for (const type of [0, 1, 2, 255, 2 ** 32 - 1]) {
      for (let times = 0; times < 2; times++, sent += packet.length) {
        await peer.until("window", () => credit - sent >= packet.length);
        peer.send(extendedData(channel, type, packet));
      }
    }
    peer.send(channelData(channel, "still here\n"));
    await peer.prints(/still here/);
  });
}

test("A63: replies that nobody waits for are dropped, 9000 of them", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.openSession();
  const success = messages.channelSuccess.encode({ recipient: channel });
  const failure = messages.channelFailure.encode({ recipient: channel });
  const global = messages.requestSuccess.encode({ data: new Uint8Array() });
  const replies = [success, failure, global, messages.requestFailure.encode({})];
  peer.send(...Array.from({ length: 9000 }, (_, i) => replies[i % replies.length]!));
  await peer.settled();
});

test("A63: a confirmation or a refusal of what nobody opened opens nothing", async (t) => {
  const bar = await Bar.open(t);
  const confirmation = { recipient: 0, sender: 99, window: MIB, maxPacket: MIB, data: new Uint8Array() };
  const refusal = { recipient: 0, reason: 1, description: "", language: "" };
  for (const recipient of [0, 77]) {
    for (const payload of [
      messages.channelOpenConfirmation.encode({ ...confirmation, recipient }),
      messages.channelOpenFailure.encode({ ...refusal, recipient }),
    ]) {
      await bar.closes("logged in", async (peer) => {
        await peer.openSession();
        peer.send(payload);
      });
    }
  }
});

test("A64: after the client's CLOSE nothing that comes for the channel runs", async (t) => {
  const bar = await Bar.open(t);
  const after = [
    channelData(0, "x"),
    channelEof(0),
    exec(0, "cat"),
    channelRequest(0, "shell"),
    windowAdjust(0, 5),
    channelClose(0),
    extendedData(0, 1, "x"),
  ];
  for (const payloads of [after, ...after.map((payload) => [payload])]) {
    const peer = await bar.peer("logged in");
    await peer.openSession();
    peer.send(channelClose(0), ...payloads, ping());
    await peer.next(messages.channelClose);
    await Promise.race([peer.next(messages.pong), peer.closed()]);
    assert.equal(peer.came(Msg.CHANNEL_SUCCESS) + peer.came(Msg.CHANNEL_CLOSE), 1);
  }
  assert.deepEqual(bar.seen, []);
  await bar.othersAreWell();
});

test("A64: what crosses the server's CLOSE is dropped, and the id is free when the client has closed too", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  const channel = await peer.exec("exit 3");
  await peer.next(messages.channelClose);
  const { length } = peer.client.numbers;
  peer.send(channelData(channel, "x"), exec(channel, "cat"), windowAdjust(channel, 5), channelEof(channel));
  peer.send(channelClose(channel));
  await peer.settled();
  assert.deepEqual(peer.client.numbers.slice(length), [Msg.PONG]);
  assert.equal(await peer.openSession(), channel);
  assert.deepEqual(bar.seen.slice(1), ["exec exit 3"]);
});

test("A64: messages for channels that never were get no answer", async (t) => {
  const bar = await Bar.open(t);
  for (const id of [77, 0x8000_0000, 0xffff_ffff]) {
    for (const payload of [
      channelData(id, "x"),
      extendedData(id, 1, "x"),
      windowAdjust(id, 1),
      channelEof(id),
      channelClose(id),
      exec(id, "cat"),
      messages.channelSuccess.encode({ recipient: id }),
    ]) {
      const peer = await bar.peer("logged in");
      peer.send(payload, ping());
      await Promise.race([peer.next(messages.pong), peer.closed()]);
      assert.deepEqual(
        peer.client.numbers.filter((number) => number >= 90 && number < 192),
        [],
      );
    }
  }
  assert.deepEqual(bar.seen, []);
});

test("A65: the client's numbers for its channels may be any, and may come again", async (t) => {
  const bar = await Bar.open(t);
  const peer = await bar.peer("logged in");
  for (const sender of [0, 2 ** 31, 2 ** 32 - 1, 2 ** 31 - 1, 2 ** 31]) {
    const channel = await peer.exec("cat", { sender });
    peer.send(channelData(channel, `to ${sender}`), channelEof(channel));
    await peer.prints(new RegExp(`^to ${sender}$`), sender);
    assert.equal((await peer.next(messages.channelClose)).recipient, sender);
    peer.send(channelClose(channel));
  }
});
