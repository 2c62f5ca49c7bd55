import { signatureAlgorithms } from "../../../src/crypto/index.ts";
import { Userauth } from "../../../src/userauth/index.ts";
import { Reader } from "../../../src/wire/index.ts";
import { clientKey } from "../../client/index.ts";
import { encode, publickeyFields, signedData } from "../../unit/userauth/publickey-requests.ts";
import { decoder } from "../decoders.ts";
import type { Random } from "../random.ts";
import type { Target } from "../target.ts";

const sessionId = Buffer.alloc(32, 1);
const hostKey = Buffer.alloc(51, 2);
const link = { send: () => {}, sessionId, hostKey };
const BOUND = "publickey-hostbound-v00@openssh.com";

/** Requests that log in, by each algorithm, plain and bound to the host key. */
const requests = signatureAlgorithms.flatMap((algorithm) => {
  const key = clientKey(algorithm);
  return [publickeyFields(key), publickeyFields(key, { method: BOUND, hostKey })].map((fields) =>
    encode(fields, key.sign(signedData(fields, { sessionId }))),
  );
});

/** Whether a request logs in by a key, with a judge who says yes to everything. */
function logsIn(payload: Uint8Array): boolean {
  let isIn = false;
  const login = new Userauth({ methods: ["publickey"] }, link, {
    authenticate: (request) => login.answer(request, { type: "success" }),
    authenticated: (_, method) => (isIn ||= method === "publickey"),
  });
  login.receive(payload);
  return isIn;
}

/** Everything in front of the signature's own numbers, which may be written in more than one way. */
function signedPart(payload: Uint8Array): string {
  const from = new Reader(payload, 1);
  const parts = [from.utf8(), from.name(), from.name(), String(from.boolean()), from.name(), hex(from.string())];
  if (parts[2] === BOUND) parts.push(hex(from.string()));
  return parts.join("\n");
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

let chosen = requests[0]!;

/** A changed request that logs in is a forgery, unless what was signed is the same. */
export const publickeyTarget: Target = decoder(
  "publickey-request",
  (random: Random) => (chosen = random.pick(requests)),
  (bytes) => {
    if (!logsIn(chosen)) throw new Error("a request that is right does not log in");
    if (bytes.length > 0 && logsIn(bytes) && signedPart(bytes) !== signedPart(chosen)) {
      throw new Error("a changed request logged in");
    }
  },
);
