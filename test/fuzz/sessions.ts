import { messages, Msg, Writer } from "../../src/wire/index.ts";
import { passwordRequest } from "../client/index.ts";
import { alphabet } from "./alphabet.ts";
import { Harness, Sentinel } from "./harness.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { Finding } from "./target.ts";
import type { Target } from "./target.ts";

const total = alphabet.reduce((sum, { weight }) => sum + weight, 0);
const CIPHERS = ["aes128-gcm@openssh.com", "aes256-ctr"];
const MACS = ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512"];

let sentinel: Sentinel | undefined;

/** Asks the sentinel after a case; it is made with the first. */
function othersAreWell(harness: Harness): void {
  try {
    (sentinel ??= new Sentinel()).check();
  } catch (error) {
    throw harness.finding(`other connections suffer: ${String(error)}`, error);
  }
}

function connection(random: Random, automatic: boolean): Harness {
  const cipher = [random.pick(CIPHERS)];
  const mac = [random.pick(MACS)];
  const strict = random.chance(0.7);
  const rekeyLimit = { bytes: random.pick([2 ** 30, 2 ** 30, 2 ** 30, 2 ** 30, 20_000, 200]), milliseconds: 3_600_000 };
  const kex = [random.chance(0.95) ? "curve25519-sha256" : "mlkem768x25519-sha256"];
  const harness = new Harness({
    client: { kex, strict, automatic, cipherIn: cipher, cipherOut: cipher, macIn: mac, macOut: mac },
    limits: { rekeyLimit },
  });
  harness.steps.push(`connection ${JSON.stringify({ kex, strict, automatic, cipher, mac, rekeyLimit })}`);
  return harness;
}

/** Walks at random over the alphabet, from the first byte or from somewhere behind the login. */
export const walk: Target = {
  name: "walk",
  run(random) {
    const harness = connection(random, random.chance(0.97));
    harness.link.app.echo = random.chance(0.7);
    if (random.chance(0.95)) harness.carry(random);
    if (random.chance(0.8)) {
      harness.knocked = true;
      harness.step("logged in", ({ client }) => {
        client.post(messages.serviceRequest.encode({ service: "ssh-userauth" }));
        client.post(passwordRequest("alice", "right"));
      });
      harness.carry(random);
    }
    for (let left = 10 + random.below(190); left > 0 && !harness.link.end; left--) {
      let at = random.below(1000 * total) / 1000;
      const letter = alphabet.find(({ weight }) => (at -= weight) < 0) ?? alphabet[0]!;
      letter.act(harness, random);
      if (random.chance(0.6)) harness.carry(random);
    }
    harness.carry(random);
    harness.finish();
    othersAreWell(harness);
  },
};

const data = new Uint8Array(0);
const open = messages.channelOpen.encode({ type: "session", sender: 0, window: 100_000, maxPacket: 32768, data });
const channelRequest = (type: string, body: Uint8Array): Uint8Array =>
  messages.channelRequest.encode({ recipient: 0, type, wantReply: true, data: body });

/** A session as any client might hold it; "kexinit" stands for new keys. */
const script: readonly (Uint8Array | "kexinit")[] = [
  messages.serviceRequest.encode({ service: "ssh-userauth" }),
  passwordRequest("alice", "wrong"),
  passwordRequest("alice", "right"),
  open,
  messages.globalRequest.encode({ type: "no-more-sessions@openssh.com", wantReply: false, data }),
  channelRequest(
    "pty-req",
    messages.ptyRequest.encode({
      term: "xterm",
      width: 80,
      height: 24,
      pixelWidth: 0,
      pixelHeight: 0,
      modes: new Writer().byte(3).uint32(127).byte(0).finish(),
    }),
  ),
  channelRequest("env", messages.envRequest.encode({ name: "LANG", value: "C.UTF-8" })),
  channelRequest("shell", data),
  messages.channelData.encode({ recipient: 0, data: Buffer.from("hello\r") }),
  "kexinit",
  messages.channelData.encode({ recipient: 0, data: Buffer.alloc(30_000, "x") }),
  messages.channelWindowAdjust.encode({ recipient: 0, bytes: 100_000 }),
  messages.ping.encode({ data: Buffer.from("ping") }),
  channelRequest(
    "window-change",
    messages.windowChangeRequest.encode({ width: 1, height: 2, pixelWidth: 3, pixelHeight: 4 }),
  ),
  messages.channelEof.encode({ recipient: 0 }),
  messages.channelClose.encode({ recipient: 0 }),
];

/** Plays the script with some of its messages changed, left out, doubled, exchanged or sent before their time. */
export const mutatedSession: Target = {
  name: "session",
  run(random) {
    const harness = connection(random, true);
    harness.link.app.echo = true;
    harness.carry(random);
    for (const [index, entry] of script.entries()) {
      if (harness.link.end) break;
      const fate = random.chance(0.75) ? "as it is" : random.pick(["changed", "left out", "twice", "another", "glued"]);
      const message = fate === "another" ? random.pick(script) : entry;
      if (fate === "left out") continue;
      if (message === "kexinit") {
        if (harness.link.client.idle) harness.step("kexinit", ({ client }) => client.sendKexInit());
      } else {
        const payload = fate === "changed" ? mutate(message, random) : message;
        if (payload[0] === Msg.KEXINIT || payload[0] === Msg.NEWKEYS || payload[0] === Msg.KEX_ECDH_INIT)
          harness.deaf = true;
        // A change may leave the password as it was, and "another" may bring it forward.
        if (payload[0] === Msg.USERAUTH_REQUEST && Buffer.from(payload).includes("right")) harness.knocked = true;
        harness.step(`${index} ${fate} ${Buffer.from(payload.subarray(0, 200)).toString("hex")}`, ({ client }) => {
          client.post(payload);
          if (fate === "twice") client.post(payload);
        });
      }
      if (fate !== "glued") harness.carry(random);
    }
    harness.carry(random);
    harness.finish();
    othersAreWell(harness);
  },
};

/** Plays the script honestly and damages the bytes on their way, as somebody on the line might. */
export const damagedStream: Target = {
  name: "stream",
  run(random) {
    const harness = connection(random, true);
    harness.knocked = true;
    const { client, server } = harness.link;
    const at = random.below(script.length + 2);
    harness.deaf = true;
    const send = (index: number): void => {
      const bytes = client.pull();
      const sent = index === at ? mutate(bytes, random) : bytes;
      harness.step(`${index} ${Buffer.from(sent.subarray(0, 400)).toString("hex")}`, ({ now }) =>
        server.receive(sent, now),
      );
      if (
        index === at &&
        harness.link.client.exchanges > 0 &&
        !Buffer.from(sent).equals(bytes) &&
        server.pending === 0
      ) {
        // It may have become longer or shorter, so that the rest is waited for; more bytes bring it to light.
        harness.step("more", ({ now }) => server.receive(random.bytes(300_000), now));
        if (!harness.link.end) throw new Finding("a changed stream was accepted", harness.steps.join("\n"));
      }
      harness.carry(random);
    };
    send(0);
    for (const [index, entry] of script.entries()) {
      if (harness.link.end) break;
      if (entry === "kexinit") {
        if (client.idle) client.sendKexInit();
      } else client.post(entry);
      send(index + 1);
    }
    harness.finish();
    othersAreWell(harness);
  },
};
