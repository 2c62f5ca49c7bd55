import type { HostKey } from "../crypto/index.ts";
import type { HostKeySource, Log } from "../server/index.ts";
import { certifyHostKeys } from "./host-certificates.ts";
import { readHostKey } from "./host-key-source.ts";

/** Where the key is kept that is made at the first start. */
const DEFAULT_HOST_KEY = ".sallyport/ssh_host_ed25519_key";

/** Where a host's keys and certificates are kept. */
export interface HostKeySources {
  /** None stands for the default file. */
  readonly hostKeys: readonly HostKeySource[];
  /** Paths or texts of `-cert.pub` files. */
  readonly hostCertificates: readonly string[];
}

/** What a host proves itself with. */
export interface HostIdentity {
  /** Each key once. Of those of one type the first serves; clients learn of the others after the login. */
  readonly keys: readonly HostKey[];
  /** The keys with certificates among them. */
  readonly certified: readonly HostKey[];
}

/**
 * Reads the keys and certificates of a host.
 *
 * @param now Seconds since 1970, for the certificates.
 * @throws {ConfigError} `BAD_HOST_KEY`, with what is wrong and the remedy.
 */
export async function loadHostIdentity(sources: HostKeySources, log: Log, now: number): Promise<HostIdentity> {
  const keys: HostKey[] = [];
  for (const source of sources.hostKeys.length > 0 ? sources.hostKeys : [DEFAULT_HOST_KEY]) {
    const key = await readHostKey(source, log);
    if (!keys.some(({ publicKey }) => publicKey.equals(key.publicKey))) keys.push(key);
  }
  return { keys, certified: certifyHostKeys(sources.hostCertificates, keys, now) };
}
