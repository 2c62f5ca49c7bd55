import { cipherAlgorithms, kexAlgorithms, macAlgorithms } from "../crypto/index.ts";
import type { Cipher, HostKey, Kex, Mac } from "../crypto/index.ts";
import { DisconnectReason, ProtocolError } from "../wire/index.ts";
import type { messages } from "../wire/index.ts";

/** What a server offers, each list in order of preference. */
export interface Offer {
  readonly kex: readonly Kex[];
  readonly hostKeys: ReadonlyMap<string, HostKey>;
  readonly ciphers: readonly Cipher[];
  readonly macs: readonly Mac[];
}

/** The names of what both sides agreed on. */
export interface AlgorithmNames {
  readonly kex: string;
  readonly hostKey: string;
  readonly cipherIn: string;
  readonly cipherOut: string;
  /** The cipher's own name where it authenticates by itself. */
  readonly macIn: string;
  readonly macOut: string;
}

/** One direction's protection. */
export interface Protection {
  readonly cipher: Cipher;
  readonly mac: Mac | undefined;
}

/** What both sides agreed on, resolved: nobody looks up a name after this. */
export interface Agreement {
  readonly kex: Kex;
  readonly hostKeyAlgorithm: string;
  readonly hostKey: HostKey;
  readonly in: Protection;
  readonly out: Protection;
  /** The client guessed our choice, so the packet it may have sent along is good (RFC 4253 §7). */
  readonly guessRight: boolean;
}

/** Names that stand in the kex list but are markers, never algorithms. */
export const Marker = {
  STRICT_CLIENT: "kex-strict-c-v00@openssh.com",
  STRICT_SERVER: "kex-strict-s-v00@openssh.com",
  EXT_INFO_CLIENT: "ext-info-c",
  EXT_INFO_SERVER: "ext-info-s",
} as const;

/** Makes the offer from lists of names; what is left out means all that there is. */
export function offerOf(
  hostKeys: readonly HostKey[],
  names: { kex?: readonly string[]; ciphers?: readonly string[]; macs?: readonly string[] } = {},
): Offer {
  const byAlgorithm = new Map<string, HostKey>();
  for (const key of hostKeys) {
    // The first key of a type serves: with two of one type a client could not choose between them.
    for (const algorithm of key.algorithms) if (!byAlgorithm.has(algorithm)) byAlgorithm.set(algorithm, key);
  }
  return {
    hostKeys: byAlgorithm,
    kex: rows(kexAlgorithms, names.kex, "key exchange"),
    ciphers: rows(cipherAlgorithms, names.ciphers, "cipher"),
    macs: rows(macAlgorithms, names.macs, "MAC"),
  };
}

/**
 * Chooses of each list the client's first name that we offer (RFC 4253 §7.1).
 *
 * @throws {ProtocolError} KEY_EXCHANGE_FAILED, naming the list, when one has nothing in common.
 */
export function agree(client: messages.KexInit, offer: Offer): Agreement {
  const kex = choose("key exchange", client.kex, (name) => offer.kex.find((row) => row.name === name));
  const hostKeyAlgorithm = choose("host key", client.hostKey, (name) => (offer.hostKeys.has(name) ? name : undefined));
  choose("compression", client.compressionIn, (name) => (name === "none" ? name : undefined));
  choose("compression", client.compressionOut, (name) => (name === "none" ? name : undefined));
  return {
    kex,
    hostKeyAlgorithm,
    hostKey: offer.hostKeys.get(hostKeyAlgorithm)!,
    in: protection(client.cipherIn, client.macIn, offer),
    out: protection(client.cipherOut, client.macOut, offer),
    guessRight: client.kex[0] === offer.kex[0]?.name && client.hostKey[0] === offer.hostKeys.keys().next().value,
  };
}

export function namesOf(agreement: Agreement): AlgorithmNames {
  const { kex, hostKeyAlgorithm, in: inward, out } = agreement;
  return {
    kex: kex.name,
    hostKey: hostKeyAlgorithm,
    cipherIn: inward.cipher.name,
    cipherOut: out.cipher.name,
    macIn: (inward.mac ?? inward.cipher).name,
    macOut: (out.mac ?? out.cipher).name,
  };
}

function protection(ciphers: readonly string[], macs: readonly string[], offer: Offer): Protection {
  const cipher = choose("cipher", ciphers, (name) => offer.ciphers.find((row) => row.name === name));
  // RFC 5647 §5.1 as OpenSSH PROTOCOL 1.6 reads it: a cipher that authenticates leaves the MAC lists unread.
  const mac = cipher.aead ? undefined : choose("MAC", macs, (name) => offer.macs.find((row) => row.name === name));
  return { cipher, mac };
}

function choose<T>(what: string, names: readonly string[], offered: (name: string) => T | undefined): T {
  for (const name of names) {
    const row = offered(name);
    if (row !== undefined) return row;
  }
  throw new ProtocolError(`no ${what} algorithm in common with the client`, DisconnectReason.KEY_EXCHANGE_FAILED);
}

function rows<T>(table: ReadonlyMap<string, T>, names: readonly string[] | undefined, what: string): readonly T[] {
  if (!names) return [...table.values()];
  return names.map((name) => {
    const row = table.get(name);
    if (!row)
      throw new TypeError(`unknown ${what} algorithm ${JSON.stringify(name)}; known: ${[...table.keys()].join(", ")}`);
    return row;
  });
}
