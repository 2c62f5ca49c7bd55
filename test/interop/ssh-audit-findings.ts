/** What ssh-audit says of an algorithm, and why that algorithm stays. */
interface Explained {
  /** What one version or another calls it; anything else would be news. */
  readonly says: RegExp;
  readonly why: string;
}

const UNKNOWN = /^unknown algorithm$/;
const QUANTUM = /quantum/;
const CURVE = /^using weak elliptic curves$|suspected as being backdoored|quantum/;
const PLAIN_MAC = /^using encrypt-and-MAC mode$/;

/** What is found with the default options. docs/peers.md quotes it. */
export const FINDINGS: Readonly<Record<string, Explained>> = {
  "curve25519-sha256": {
    says: QUANTUM,
    why: "Newer versions warn that it does not outlast quantum computers. It is for clients that have no ML-KEM, and comes behind it.",
  },
  "curve25519-sha256@libssh.org": { says: QUANTUM, why: "As above." },
  "ecdh-sha2-nistp256": {
    says: CURVE,
    why: "Distrust of NIST's curves. Clients that must keep to FIPS have nothing else; the curves come last.",
  },
  "ecdh-sha2-nistp384": { says: CURVE, why: "As above." },
  "ecdh-sha2-nistp521": { says: CURVE, why: "As above." },
  "hmac-sha2-256": {
    says: PLAIN_MAC,
    why:
      "The MAC is over the plain text. Clients without AES-GCM and encrypt-then-MAC have nothing else, so it stays and comes " +
      "last; padding is looked at only after the MAC.",
  },
  "hmac-sha2-512": { says: PLAIN_MAC, why: "As above." },
  "mlkem768x25519-sha256": { says: UNKNOWN, why: "A name that this version does not know." },
  "kex-strict-s-v00@openssh.com": {
    says: UNKNOWN,
    why: "A name that this version does not know; no algorithm, but the answer to CVE-2023-48795 (Terrapin).",
  },
};

/** The option `algorithms` with which ssh-audit finds nothing broken or weak. */
export const WITHOUT_FINDINGS = {
  kex: ["mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org"],
  macs: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
} as const;
