/** Security bar, part A3: what an app throws, and connections that break off. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Client, EventName, Server } from "../../src/index.ts";
import { messages } from "../../src/wire/index.ts";
import { interactiveRequest, noneRequest, passwordRequest } from "../client/index.ts";
import { install } from "../target/programs.ts";
import {
  Bar,
  channelClose,
  channelData,
  channelEof,
  channelRequest,
  env,
  exec,
  PASSWORD,
  pty,
  shell,
  silent,
  subsystem,
} from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

/** Every event that a client of mallory's raises. */
const events: readonly EventName[] = [
  "connect",
  "connectpty",
  "preshell",
  "env",
  "command",
  "exec",
  "subsystem",
  "beforecommand",
  "aftercommand",
  "resized",
  "type",
  "rawtype",
  "signal",
  "disconnected",
  "error",
];

/** A shell with a terminal, in which mallory does everything that raises an event, and goes. */
async function visit(peer: Peer, sender: number): Promise<void> {
  const channel = await peer.openSession({ sender });
  peer.send(env(channel, "LANG", "C"), pty(channel), shell(channel));
  const size = messages.windowChangeRequest.encode({ width: 9, height: 9, pixelWidth: 0, pixelHeight: 0 });
  peer.send(channelRequest(channel, "window-change", size, false), channelData(channel, "x\r"));
  const signal = messages.signalRequest.encode({ signal: "USR1" });
  peer.send(channelRequest(channel, "signal", signal, false), channelEof(channel));
  await peer.settled();
  peer.send(channelClose(channel));
}

const nothing: unknown = undefined;

for (const how of ["throws", "rejects", "throws nothing"] as const) {
  test(`A76: a handler that ${how} harms no other session, not even of the same connection, whichever event it is`, async (t) => {
    const bar = await Bar.open(t, {
      acceptEnv: ["LANG"],
      app: (server) => {
        install(server);
        for (const event of events) {
          const fail = (client: Client): unknown => {
            if (client.username !== "mallory" || client.request === "cat") return undefined;
            if (how === "throws nothing") throw nothing;
            const error = new Error(`planted in ${event}`);
            if (how === "rejects") return setImmediate().then(() => Promise.reject(error));
            throw error;
          };
          server.onUser(event, fail as () => void);
        }
      },
      judge: ({ method }) => method === "password",
      logIn: (peer) => peer.tryPassword("mallory", PASSWORD),
    });
    const peer = await bar.peer("logged in");
    const neighbour = await peer.exec("cat", { sender: 9 });
    for (let sender = 0; sender < 3; sender++) await visit(peer, sender);
    await peer.exec("exit 0", { sender: 3 });
    const { status } = messages.exitStatusRequest.decode((await peer.next(messages.channelRequest)).data);
    assert.equal(status, 1);
    await peer.next(messages.channelClose);
    const served = await peer.openSession({ sender: 4 });
    peer.send(subsystem(served, "any"));
    await peer.next(messages.channelClose);
    peer.send(channelData(neighbour, "still here"));
    await peer.prints(/^still here$/, 9);
    await bar.othersAreWell();
    const failures = bar.log.filter(({ event }) => event === "handler failed");
    assert.ok(failures.length > events.length, `${failures.length} failures were told`);
  });
}

test("A76: a handler that fails before the login keeps one visitor out, and nobody else", async (t) => {
  let isFailing = false;
  const fail = (): undefined => {
    if (isFailing) throw new Error("planted");
  };
  const bar = await Bar.open(t, {
    app: (server) => {
      install(server);
      server.onUser("connection", fail);
      server.onUser("authbanner", fail);
    },
    judge: ({ username, method }) => {
      if (username === "mallory") throw new Error("planted");
      return method === "password";
    },
  });
  assert.equal(await (await bar.peer("handshake done")).tryPassword("mallory", PASSWORD), "failure");
  isFailing = true;
  await assert.rejects(bar.peer("keys exchanged"));
  await bar.othersAreWell();
  isFailing = false;
  await bar.peer("logged in");
});

for (const [stream, event] of [
  ["stdin", "data"],
  ["stdin", "end"],
  ["stdout", "finish"],
] as const) {
  test(`A76: a listener of ${event} on client.${stream} that throws harms no other session of the connection`, async (t) => {
    const bar = await Bar.open(t, { app: (server) => listen(server, stream, event) });
    const peer = await bar.peer("logged in");
    const neighbour = await peer.exec("cat", { sender: 1 });
    const channel = await peer.exec("listen", { sender: 2 });
    peer.send(channelData(channel, "bytes"), channelEof(channel));
    await peer.next(messages.channelClose);
    peer.send(channelData(neighbour, "still here"));
    await peer.prints(/^still here$/, 1);
    assert.ok(bar.log.some(({ event }) => event === "handler failed"));
  });
}

function listen(server: Server, stream: "stdin" | "stdout", event: string): void {
  server.onUser("exec", async (client, command) => {
    if (command !== "listen") return;
    client[stream].on(event, () => {
      throw new Error("planted");
    });
    if (stream === "stdout") client.stdout.end("x");
    client.stdin.resume();
    await new Promise((resolve) => client.stdin.prependOnceListener("end", resolve));
  });
  install(server);
}

/** Where a connection can break off. */
const states: Readonly<Record<string, (bar: Bar) => Promise<Peer>>> = {
  "nothing said": (bar) => bar.peer("connected", silent),
  "half an identification": async (bar) => (await bar.peer("connected", silent)).raw("SSH-2"),
  "half a key exchange": async (bar) => {
    const peer = await bar.peer("connected", silent);
    peer.client.sendIdentification();
    peer.client.sendKexInit();
    peer.client.sendKexEcdhInit("curve25519-sha256");
    return peer.flush();
  },
  "half a packet": async (bar) => {
    const peer = await bar.peer("keys exchanged");
    peer.client.send(noneRequest());
    return peer.raw(peer.client.pull().subarray(0, 20));
  },
  "a verdict awaited": async (bar) => (await bar.peer("handshake done")).send(passwordRequest("ada", PASSWORD)),
  "a question asked": async (bar) => {
    const peer = await bar.peer("handshake done");
    await peer.attempt(interactiveRequest());
    return peer;
  },
  "a command that writes": async (bar) => {
    const peer = await bar.peer("logged in");
    await peer.exec("down 100");
    return peer;
  },
  "a command whose output nobody reads": async (bar) => {
    const peer = await bar.peer("logged in");
    const channel = await peer.openSession();
    peer.socket.pause();
    return peer.send(exec(channel, "down 100"));
  },
  "a shell at its prompt": async (bar) => {
    const peer = await bar.peer("logged in");
    const channel = await peer.openSession();
    peer.send(pty(channel), shell(channel), channelData(channel, "half a li"));
    return peer;
  },
  "new keys half way": async (bar) => {
    const peer = await bar.peer("logged in");
    await peer.exec("cat");
    peer.client.automatic = false;
    peer.client.sendKexInit();
    return peer.flush();
  },
};

for (const [how, breakOff] of [
  ["a reset", (peer: Peer) => peer.socket.resetAndDestroy()],
  ["an end of sending", (peer: Peer) => peer.socket.end()],
  ["an end behind more than is read", (peer: Peer) => peer.raw(Buffer.alloc(100_000)).socket.end()],
] as const) {
  test(`A77: ${how} ends a connection in whatever state it is, four times over, and nothing else`, async (t) => {
    const bar = await Bar.open(t);
    for (const reach of Object.values(states)) {
      for (let time = 0; time < 4; time++) {
        const peer = await reach(bar);
        breakOff(peer);
        await peer.closed();
      }
      await bar.othersAreWell();
    }
    await bar.gone();
  });
}
