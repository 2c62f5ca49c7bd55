/** What one version of ssh-audit or another says against the default options, and why it stays. docs/peers.md quotes it. */
export const FINDINGS: Readonly<Record<string, string>> = {
  "curve25519-sha256":
    "Newer versions warn that it does not outlast quantum computers. It is for clients that have no ML-KEM, and comes behind it.",
  "curve25519-sha256@libssh.org": "As above.",
  "ecdh-sha2-nistp256":
    "Distrust of NIST's curves. Clients that must keep to FIPS have nothing else; the curves come last.",
  "ecdh-sha2-nistp384": "As above.",
  "ecdh-sha2-nistp521": "As above.",
  "hmac-sha2-256":
    "The MAC is over the plain text. Clients without AES-GCM and encrypt-then-MAC have nothing else, so it stays and comes " +
    "last; padding is looked at only after the MAC.",
  "hmac-sha2-512": "As above.",
  "mlkem768x25519-sha256": "A name that this version does not know.",
  "kex-strict-s-v00@openssh.com":
    "A name that this version does not know; no algorithm, but the answer to CVE-2023-48795 (Terrapin).",
};

/** The option `algorithms` with which ssh-audit finds nothing broken or weak. */
export const WITHOUT_FINDINGS = {
  kex: ["mlkem768x25519-sha256", "curve25519-sha256", "curve25519-sha256@libssh.org"],
  macs: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com"],
} as const;
