import type { GlobalRequest } from "../connection/index.ts";
import type { HostKey } from "../crypto/index.ts";
import { Reader, Writer } from "../wire/index.ts";

/** What the server tells after the login, and what a client then asks (OpenSSH PROTOCOL 2.5). */
export const HOST_KEYS = "hostkeys-00@openssh.com";
export const PROVE_HOST_KEYS = "hostkeys-prove-00@openssh.com";

/** What the proofs of one connection are bound to. */
export interface ProofContext {
  readonly sessionId: Uint8Array;
  /** The host key algorithm of the key exchange. */
  readonly algorithm: string;
}

const CERTIFIED = "-cert-v01@openssh.com";

/** The content of hostkeys-00: every key of the host, one string each; `undefined` when there is no key but the one in use. */
export function hostKeysNotice(keys: readonly HostKey[]): Uint8Array | undefined {
  if (keys.length < 2) return undefined;
  const to = new Writer(128 * keys.length);
  for (const key of keys) to.string(key.publicKey.blob);
  return to.finish();
}

/**
 * Proves to one client that the host has the private halves of its keys, each once: a server that signs whatever it is
 * asked for, as often as it is asked, gives its CPU away (OpenSSH 10.5 has the same bound).
 */
export class HostKeyProofs {
  #unproved: readonly HostKey[];

  /** @param keys the keys of the host, no certificates. */
  constructor(keys: readonly HostKey[]) {
    this.#unproved = keys;
  }

  /** Answers hostkeys-prove-00. A request with one key that is not ours, or was asked for before, gets no signature at all. */
  answer(request: GlobalRequest, context: ProofContext): void {
    const wanted = this.#wanted(request.data);
    if (wanted.size === 0) return request.reply(false);
    this.#unproved = this.#unproved.filter((key) => !wanted.has(key));
    const proofs = new Writer(512 * wanted.size);
    for (const key of wanted) proofs.string(proofOf(key, context));
    request.reply(true, proofs.finish());
  }

  /** The keys asked for, in the order of the request; none when one of them gets no proof. */
  #wanted(data: Uint8Array): ReadonlySet<HostKey> {
    const wanted = new Set<HostKey>();
    const from = new Reader(data);
    while (from.left > 0) {
      const blob = from.string();
      const key = this.#unproved.find(({ publicKey }) => publicKey.equals({ blob }));
      if (key === undefined || wanted.has(key)) return new Set();
      wanted.add(key);
    }
    return wanted;
  }
}

function proofOf(key: HostKey, { sessionId, algorithm }: ProofContext): Uint8Array {
  const { blob } = key.publicKey;
  const data = new Writer(blob.length + 128).utf8(PROVE_HOST_KEYS).string(sessionId).string(blob).finish();
  // An RSA key has two algorithms. If one of them was agreed on in the key exchange, the client verifies by that one.
  const plain = algorithm.endsWith(CERTIFIED) ? algorithm.slice(0, -CERTIFIED.length) : algorithm;
  return key.sign(key.algorithms.includes(plain) ? plain : key.algorithms[0]!, data);
}
