import { getHeapStatistics } from "node:v8";
import {
  generatePrivateKey,
  kexAlgorithms,
  KeyError,
  optionText,
  parsePrivateKey,
  parsePublicKey,
  parsePublicKeyBlob,
  signatureAlgorithms,
} from "../../src/crypto/index.ts";
import { cipherAlgorithms, macAlgorithms } from "../../src/crypto/index.ts";
import { readPtyModes } from "../../src/connection/pty-modes.ts";
import { SessionRequests } from "../../src/connection/session-request.ts";
import { agree, offerOf } from "../../src/transport/algorithms.ts";
import { checkExtInfo } from "../../src/transport/ext-info.ts";
import { parseIdentification } from "../../src/transport/identification.ts";
import { makeKexInit } from "../../src/transport/key-exchange.ts";
import { PacketReader } from "../../src/transport/packet-reader.ts";
import { Userauth } from "../../src/userauth/index.ts";
import { messages, ProtocolError, Reader, Writer } from "../../src/wire/index.ts";
import { Authenticator, certify, clientKexes } from "../client/index.ts";
import { mutate } from "./mutate.ts";
import type { Random } from "./random.ts";
import { Finding } from "./target.ts";
import type { Target } from "./target.ts";
import { sample, structs } from "./values.ts";

/** A decoder may throw these and nothing else. */
const ALLOWED = [ProtocolError, KeyError];
/** A decoder that takes longer than this for one input does absurdly much; a slow machine does not. */
const MAX_MILLISECONDS = 10_000;
/** The most that one input may make a decoder allocate, in bytes: inputs have a few KiB. */
const MAX_ALLOCATED = 32 * 2 ** 20;

/**
 * Fuzzes a function of bytes: inputs that were good before they were mutated, and random ones.
 *
 * @param seeds makes a good input.
 */
export function decoder(
  name: string,
  seeds: (random: Random) => Uint8Array,
  decode: (bytes: Uint8Array) => unknown,
): Target {
  return {
    name,
    run(random) {
      const input = random.chance(0.9) ? mutate(seeds(random), random) : random.bytes(random.length(500));
      const started = performance.now();
      const before = allocated();
      try {
        decode(Buffer.from(input));
      } catch (error) {
        if (!ALLOWED.some((type) => error instanceof type)) {
          throw new Finding(`${name} threw ${String(error)}`, Buffer.from(input).toString("hex"), error);
        }
      }
      const bytes = allocated() - before;
      if (bytes > MAX_ALLOCATED) throw new Finding(`${name} took ${bytes} bytes`, Buffer.from(input).toString("hex"));
      const took = performance.now() - started;
      if (took > MAX_MILLISECONDS) throw new Finding(`${name} took ${took} ms`, Buffer.from(input).toString("hex"));
    },
  };
}

/** What is in use, inside of V8's heap and outside of it. A collection in between hides what was freed, and no more. */
function allocated(): number {
  const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
  return heap + outside;
}

const files = [
  generatePrivateKey("ed25519", { comment: "someone@somewhere" }),
  generatePrivateKey("ecdsa", { bits: 256 }),
  generatePrivateKey("ecdsa", { bits: 521 }),
  generatePrivateKey("rsa", { bits: 2048 }),
];
const keys = files.map((file) => parsePrivateKey(file));
const tokens = [new Authenticator("ed25519"), new Authenticator("ecdsa")];
const offer = offerOf(keys);
const signed = Buffer.from("what was signed");
const signatures = keys.map((key) => ({
  key,
  algorithm: key.algorithms[0]!,
  blob: key.sign(key.algorithms[0]!, signed),
}));

/** A CA that signs whatever it is given, so that what it signs is read to its end. */
const ca = { blob: keys[0]!.publicKey.blob, sign: (data: Uint8Array) => keys[0]!.sign("ssh-ed25519", data) };

/** The bytes of a certificate in front of its CA's signature. */
function unsigned(random: Random): Uint8Array {
  const key = random.pick([...keys.map((key) => key.publicKey.blob), ...tokens.map((token) => token.blob)]);
  const blob = certify(key, ca, {
    type: random.pick([1, 2]),
    principals: Array.from({ length: random.length(300) }, (_, at) => `user${at}`),
    criticalOptions: { "force-command": "ls", "source-address": "192.0.2.0/24" },
    extensions: { "permit-pty": "", "permit-user-rc": "" },
  });
  return blob.subarray(0, blob.length - 4 - ca.sign(blob).length);
}

function userauthRequest(random: Random): Uint8Array {
  const { key, algorithm, blob } = random.pick(signatures);
  const data = random.pick([
    new Writer().boolean(random.chance(0.5)).utf8("secret").utf8("new").finish(),
    new Writer().boolean(true).utf8(algorithm).string(key.publicKey.blob).string(blob).finish(),
    new Writer().utf8("").utf8("pam,otp").finish(),
    new Uint8Array(0),
  ]);
  const method = random.pick([
    "none",
    "password",
    "publickey",
    "publickey-hostbound-v00@openssh.com",
    "keyboard-interactive",
  ]);
  return messages.userauthRequest.encode({ user: "alice", service: "ssh-connection", method, data });
}

function userauth(payload: Uint8Array): void {
  if (payload.length === 0) return;
  const link = { send: () => {}, sessionId: Buffer.alloc(32), hostKey: Buffer.alloc(51) };
  const login = new Userauth({ methods: ["publickey", "password", "keyboard-interactive"] }, link, {
    authenticate: (request) => login.answer(request, { type: "success" }),
    authenticated: () => {},
  });
  login.receive(payload);
}

/** A dialogue with two prompts, answered by `payload`. */
function infoResponse(payload: Uint8Array): void {
  if (payload.length === 0) return;
  const link = { send: () => {}, sessionId: Buffer.alloc(32), hostKey: Buffer.alloc(51) };
  const prompts = [
    { prompt: "one", echo: true },
    { prompt: "two", echo: false },
  ];
  const login = new Userauth({ methods: ["keyboard-interactive"] }, link, {
    authenticate: (request) => login.answer(request, { type: "prompt", name: "", instruction: "", prompts }),
    authenticated: () => {},
  });
  const data = new Writer().utf8("").utf8("").finish();
  login.receive(
    messages.userauthRequest.encode({ user: "a", service: "ssh-connection", method: "keyboard-interactive", data }),
  );
  login.receive(payload);
}

const packet = (random: Random): Uint8Array => {
  const padding = 4 + random.below(20);
  const body = random.bytes(1 + random.below(60));
  return new Writer()
    .uint32(1 + body.length + padding)
    .byte(padding)
    .bytes(body)
    .bytes(random.bytes(padding))
    .finish();
};

function readPackets(bytes: Uint8Array, prepare: (reader: PacketReader) => void): void {
  const reader = new PacketReader();
  prepare(reader);
  for (let at = 0; at < bytes.length; at += 7) {
    reader.input.append(bytes.subarray(at, at + 7));
    while (reader.next() !== undefined);
  }
}

const requestTypes = ["pty-req", "env", "shell", "exec", "subsystem", "window-change", "signal", "break", "x11-req"];

/** Every decoder that a peer's bytes, or a file's, reach. */
export const decoders: readonly Target[] = [
  decoder("identification", () => Buffer.from("SSH-2.0-OpenSSH_10.0p2 Debian-7\r\n"), parseIdentification),
  decoder("packet", packet, (bytes) => readPackets(bytes, () => {})),
  ...[...cipherAlgorithms.values()].flatMap((cipher) =>
    (cipher.aead ? [undefined] : [...macAlgorithms.values()]).map((mac) =>
      decoder(`packet-${cipher.name}-${mac?.name ?? "aead"}`, packet, (bytes) =>
        readPackets(bytes, (reader) => {
          const opener = cipher.opener(
            Buffer.alloc(cipher.keyLength),
            Buffer.alloc(cipher.ivLength),
            mac,
            Buffer.alloc(mac?.keyLength ?? 0),
          );
          reader.useKeys(opener, true);
        }),
      ),
    ),
  ),
  decoder(
    "kexinit",
    () => makeKexInit(offer, true, () => {}),
    (bytes) => agree(messages.kexInit.decode(bytes), offer),
  ),
  decoder(
    "ext-info",
    () => messages.extInfo.encode({ count: 1, extensions: new Writer().utf8("a").utf8("b").finish() }),
    checkExtInfo,
  ),
  ...[...structs].map(([name, codec]) =>
    decoder(
      `message-${name}`,
      (random) => sample(codec, random),
      (bytes) => codec.decode(bytes),
    ),
  ),
  ...[...kexAlgorithms.values()].map((kex) =>
    decoder(
      `kex-${kex.name}`,
      () => clientKexes.get(kex.name)!().publicValue,
      (bytes) => kex.respond(bytes),
    ),
  ),
  decoder(
    "public-key-blob",
    (random) => random.pick(keys).publicKey.blob,
    (bytes) => parsePublicKeyBlob(bytes),
  ),
  decoder(
    "public-key-line",
    (random) => Buffer.from(`${random.pick(keys).publicKey.toString()} me`),
    (bytes) => parsePublicKey(Buffer.from(bytes).toString()),
  ),
  decoder(
    "certificate",
    (random) => certify(random.pick(tokens).blob, ca, { type: random.below(4) }),
    (bytes) => parsePublicKeyBlob(bytes),
  ),
  decoder("certificate-fields", unsigned, (bytes) =>
    parsePublicKeyBlob(new Writer().bytes(bytes).string(ca.sign(bytes)).finish()),
  ),
  decoder("certificate-option", () => new Writer().utf8("echo hello").finish(), optionText),
  decoder(
    "fido-key-blob",
    (random) => random.pick(tokens).blob,
    (bytes) => parsePublicKeyBlob(bytes),
  ),
  ...tokens.map((token) =>
    decoder(
      `signature-${token.algorithm}`,
      () => token.sign(signed),
      (bytes) => {
        const key = parsePublicKeyBlob(token.blob);
        for (const algorithm of signatureAlgorithms) key.verify(algorithm, bytes, signed);
      },
    ),
  ),
  ...signatures.map(({ key, algorithm, blob }) =>
    decoder(
      `signature-${algorithm}`,
      () => blob,
      (bytes) => {
        // Changed bytes that verify would be a forgery; the same bytes do.
        if (
          key.publicKey.verify(algorithm, bytes, signed) &&
          !Buffer.from(bytes).equals(blob) &&
          !sameNumbers(bytes, blob)
        ) {
          throw new Error("a changed signature verified");
        }
        for (const other of signatureAlgorithms) key.publicKey.verify(other, bytes, signed);
      },
    ),
  ),
  decoder(
    "pty-modes",
    () => new Writer().byte(3).uint32(127).byte(53).uint32(1).byte(128).uint32(38400).byte(0).finish(),
    readPtyModes,
  ),
  decoder(
    "session-request",
    (random) => {
      const codec = random.pick([
        messages.ptyRequest,
        messages.envRequest,
        messages.execRequest,
        messages.windowChangeRequest,
        messages.signalRequest,
        messages.breakRequest,
      ]);
      return sample(codec, random);
    },
    (bytes) => {
      const requests = new SessionRequests();
      for (const type of requestTypes) {
        try {
          requests.read(type, bytes);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }
    },
  ),
  decoder("userauth-request", userauthRequest, userauth),
  decoder(
    "info-response",
    () => messages.userauthInfoResponse.encode({ count: 2, responses: new Writer().utf8("one").utf8("two").finish() }),
    infoResponse,
  ),
];

/** Whether two signature blobs differ only in how their inner numbers are written. */
function sameNumbers(one: Uint8Array, other: Uint8Array): boolean {
  const content = (bytes: Uint8Array): string => {
    const from = new Reader(bytes);
    from.string();
    return Buffer.from(from.string()).toString("hex").replaceAll(/^0+/g, "");
  };
  return content(one) === content(other);
}
