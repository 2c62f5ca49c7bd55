import { messages, Msg, Writer } from "../../src/wire/index.ts";
import { passwordRequest } from "../client/index.ts";
import type { Loopback } from "../client/index.ts";
import type { Harness } from "./harness.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { allMessages, sample } from "./values.ts";

/** One thing that a client, the application or the clock can do. */
export interface Letter {
  readonly name: string;
  /** How often, compared with the others. */
  readonly weight: number;
  act(harness: Harness, random: Random): void;
}

/** Messages behind which the client's own key exchange is out of step. */
const UPSETTING: ReadonlySet<number> = new Set([Msg.KEXINIT, Msg.NEWKEYS, Msg.KEX_ECDH_INIT, Msg.KEX_ECDH_REPLY]);

function send(name: string, weight: number, payload: (random: Random) => Uint8Array): Letter {
  return {
    name,
    weight,
    act: (harness, random) => {
      const bytes = payload(random);
      if (UPSETTING.has(bytes[0] ?? 0)) harness.deaf = true;
      harness.step(`${name} ${Buffer.from(bytes.subarray(0, 64)).toString("hex")}`, ({ client }) => client.post(bytes));
    },
  };
}

/** A message for a channel: nearly always for one that is there, since any other ends the walk. */
function toChannel(name: string, weight: number, payload: (recipient: number, random: Random) => Uint8Array): Letter {
  return {
    name,
    weight,
    act: (harness, random) => {
      const open = harness.link.app.sessions.filter(({ closes }) => closes === 0).map(({ channel }) => channel.id);
      if (open.length === 0 && random.chance(0.99)) return;
      const recipient = open.length > 0 && random.chance(0.995) ? random.pick(open) : random.uint32();
      send(name, weight, () => payload(recipient, random)).act(harness, random);
    },
  };
}

function request(name: string, weight: number, data: (random: Random) => Uint8Array): Letter {
  return toChannel(name, weight, (recipient, random) =>
    messages.channelRequest.encode({ recipient, type: name, wantReply: random.chance(0.7), data: data(random) }),
  );
}

/** Something that the application does with one of its channels. */
function app(
  name: string,
  weight: number,
  act: (link: Loopback, channel: Loopback["app"]["sessions"][0]["channel"], random: Random) => void,
): Letter {
  return {
    name: `app ${name}`,
    weight,
    act: (harness, random) => {
      const session = random.pick(harness.link.app.sessions);
      if (session) harness.step(`app ${name} ${session.channel.id}`, (link) => act(link, session.channel, random));
    },
  };
}

const nothing = (): Uint8Array => new Uint8Array(0);

/** Everything that can happen, the sensible far more often than the rest, so that a walk gets somewhere. */
export const alphabet: readonly Letter[] = [
  send("SERVICE_REQUEST", 1, () => messages.serviceRequest.encode({ service: "ssh-userauth" })),
  {
    name: "login",
    weight: 2,
    act: (harness) => {
      harness.knocked = true;
      harness.step("login", ({ client }) => client.post(passwordRequest("alice", "right")));
    },
  },
  send("bad login", 1, () => passwordRequest("alice", "wrong")),
  send("CHANNEL_OPEN", 8, (random) =>
    messages.channelOpen.encode({
      type: random.pick(["session", "session", "session", "direct-tcpip", "x11", ""]),
      sender: random.below(5),
      window: random.pick([0, 1, 1000, 1_000_000, 0x7fffffff, 0xffffffff]),
      // One byte a packet costs 25 µs a byte: rarely.
      maxPacket: random.chance(0.01) ? 1 : random.pick([0, 200, 32768, 32768, 32768, 0xffffffff]),
      data: new Uint8Array(0),
    }),
  ),
  request("shell", 3, nothing),
  request("exec", 2, (random) => new Writer().string(random.bytes(random.length(500))).finish()),
  request("env", 1, () => new Writer().utf8("LANG").utf8("C").finish()),
  request("pty-req", 2, (random) => sample(messages.ptyRequest, random)),
  request("window-change", 1, (random) => sample(messages.windowChangeRequest, random)),
  request("signal", 1, () => new Writer().utf8("INT").finish()),
  toChannel("CHANNEL_DATA", 12, (recipient, random) =>
    messages.channelData.encode({ recipient, data: random.bytes(random.length(32768)) }),
  ),
  toChannel("CHANNEL_EXTENDED_DATA", 1, (recipient, random) =>
    messages.channelExtendedData.encode({ recipient, type: random.below(3), data: random.bytes(random.length(999)) }),
  ),
  toChannel("CHANNEL_WINDOW_ADJUST", 5, (recipient, random) =>
    messages.channelWindowAdjust.encode({
      recipient,
      bytes: random.pick([0, 1, 1000, 5000, 100_000, 100_000, 0x7fffff]),
    }),
  ),
  toChannel("CHANNEL_EOF", 0.5, (recipient) => messages.channelEof.encode({ recipient })),
  toChannel("CHANNEL_CLOSE", 1, (recipient) => messages.channelClose.encode({ recipient })),
  send("GLOBAL_REQUEST", 2, (random) => sample(messages.globalRequest, random)),
  send("PING", 2, (random) => messages.ping.encode({ data: random.bytes(random.length(2000)) })),
  send("IGNORE", 1, (random) => messages.ignore.encode({ data: random.bytes(random.length(2000)) })),
  send("unknown", 1, (random) => Uint8Array.of(150 + random.below(40))),
  send("DISCONNECT", 0.2, () => messages.disconnect.encode({ reason: 11, description: "", language: "" })),
  // What has a valid form and no sense, what has no form, and what is no packet.
  send("any message", 0.5, (random) => sample(random.pick(allMessages), random)),
  send("broken message", 0.5, (random) => mutate(sample(random.pick(allMessages), random), random)),
  {
    name: "badly made packet",
    weight: 0.1,
    act: (harness, random) => {
      const shape = random.pick([
        { paddingLength: random.below(256) },
        { packetLength: random.uint32() },
        { padding: random.below(300) },
      ]);
      harness.deaf = true;
      harness.step(`packet ${JSON.stringify(shape)}`, ({ client }) =>
        client.send(random.bytes(random.length(100)), shape),
      );
    },
  },
  {
    name: "raw bytes",
    weight: 0.1,
    act: (harness, random) => {
      const bytes = random.bytes(1 + random.length(200));
      harness.deaf = true;
      harness.step(`raw ${bytes.toString("hex")}`, ({ client }) => client.raw(bytes));
    },
  },
  {
    name: "new keys",
    weight: 2,
    act: (harness) => {
      // A second KEXINIT inside of an exchange is one of the wrong things, and comes from `any message`.
      if (harness.link.server.loggedIn && !harness.deaf && harness.link.client.idle) {
        harness.step("new keys", ({ client }) => client.sendKexInit());
      }
    },
  },
  {
    name: "time passes",
    weight: 3,
    act: (harness, random) => {
      const milliseconds = random.pick([1, 1000, 1000, 1000, 5000, 30_000, 30_000, 3_600_000]);
      harness.step(`${milliseconds} ms pass`, (link) => {
        link.now += milliseconds;
        link.server.tick(link.now);
      });
    },
  },
  app(
    "writes",
    8,
    (_link, channel, random) =>
      void channel.write(random.bytes(random.length(100_000)), random.chance(0.1) ? 1 : undefined),
  ),
  app("ends", 0.5, (_link, channel) => channel.end()),
  app("exits", 0.5, (_link, channel, random) => channel.exitStatus(random.below(256))),
  app("closes", 0.5, (_link, channel) => channel.close()),
  app("aborts", 0.3, (_link, channel) => channel.abort()),
  {
    name: "socket",
    weight: 2,
    act: (harness, random) => {
      const blocked = random.chance(0.4);
      harness.step(`socket ${blocked ? "blocks" : "flows"}`, ({ server }) => server.block(blocked));
    },
  },
  {
    name: "verdicts",
    weight: 1,
    act: (harness, random) => {
      const silent = random.chance(0.3);
      harness.step(`verdicts ${silent ? "wait" : "come"}`, (link) => {
        link.app.silent = silent;
        const last = link.app.attempts.at(-1);
        if (silent || !last || link.server.reading) return;
        link.app.answer(last, {
          type: last.method === "password" && last.password === "right" ? "success" : "failure",
        });
      });
    },
  },
];
