import { hostKeyWithCertificate, KeyError, parsePublicKey } from "../crypto/index.ts";
import type { Certificate, HostKey, PublicKey } from "../crypto/index.ts";
import { ConfigError } from "../server/index.ts";
import { readPublicKeyFile } from "./key-file.ts";

/**
 * Reads host certificates, each the path or the text of a `-cert.pub` file, and gives the host keys with them, in the
 * order of the certificates.
 *
 * @param now Seconds since 1970.
 * @throws {ConfigError} `BAD_HOST_KEY`, naming the certificate and the remedy, for one that clients would refuse: not in
 * force, with critical options, without its key among `keys`, or a second one for a type of key.
 */
export function certifyHostKeys(sources: readonly string[], keys: readonly HostKey[], now: number): HostKey[] {
  const certified = sources.map((source) => certify(source, keys, now));
  certified.forEach(({ type }, at) => {
    if (certified.findIndex((other) => other.type === type) < at) {
      throw bad(`there are two host certificates of type ${type}: clients could not choose. Leave one of them out.`);
    }
  });
  return certified;
}

/** When a certificate is in force, for people. */
export function validity({ validAfter, validBefore }: Certificate): string {
  const since = validAfter === 0 ? "" : `from ${date(validAfter)} `;
  return `${since}until ${date(validBefore)}`;
}

function certify(source: string, keys: readonly HostKey[], now: number): HostKey {
  const isText = /^\s*[a-z0-9@.-]+-cert-v01@openssh\.com\s/.test(source);
  const name = isText ? "the host certificate given as text" : `host certificate ${source}`;
  const text = isText ? source : fileText(name, source);
  try {
    const certificate = parsePublicKey(text);
    const key = keys.find(({ publicKey }) => certificate.certificate?.publicKey.equals(publicKey) ?? true);
    if (key === undefined) {
      throw bad(
        `${name} certifies ${certificate.fingerprint}, which is none of the host keys. Add its key to hostKeys.`,
      );
    }
    const certified = hostKeyWithCertificate(key, text);
    check(name, certified.publicKey, now);
    return certified;
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new ConfigError("BAD_HOST_KEY", `${name} is not usable: ${error.message}.`, { cause: error });
  }
}

function check(name: string, { certificate }: PublicKey, now: number): void {
  if (certificate === undefined) return;
  if (now < certificate.validAfter || now >= certificate.validBefore) {
    const remedy = "Set this machine's clock, or have the key certified again with: ssh-keygen -s CA -h …";
    throw bad(`${name} is in force ${validity(certificate)}, which is not now. ${remedy}`);
  }
  // OpenSSH PROTOCOL.certkeys has none for hosts, and clients refuse those that they do not know.
  if (certificate.criticalOptions.size > 0) {
    throw bad(`${name} has critical options, for which clients refuse a host. Have it made without -O.`);
  }
}

function fileText(name: string, path: string): string {
  const content = readPublicKeyFile(path);
  if (content === undefined)
    throw bad(`${name} does not exist. Make it with: ssh-keygen -s CA -I NAME -h -n HOST FILE.pub`);
  return Buffer.from(content).toString("utf8");
}

function bad(message: string): ConfigError {
  return new ConfigError("BAD_HOST_KEY", message);
}

/** The last second that a JavaScript date has. */
const LAST = 8.64e12;

function date(seconds: number): string {
  return seconds > LAST ? "the end of time" : new Date(seconds * 1000).toISOString();
}
