import { createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Reader } from "../../src/wire/index.ts";

const CERTIFIED = "-cert-v01@openssh.com";

/**
 * Whether the server's signature over the exchange hash is that of the host key, by `algorithm` alone. Of a certificate
 * (OpenSSH PROTOCOL.certkeys) the key counts; who has signed it does not.
 */
export function verifyHostKey(blob: Uint8Array, algorithm: string, signature: Uint8Array, hash: Uint8Array): boolean {
  const isCertified = algorithm.endsWith(CERTIFIED);
  const plain = isCertified ? algorithm.slice(0, -CERTIFIED.length) : algorithm;
  const row = rows[plain];
  if (!row) throw new Error(`the client knows no host key algorithm ${algorithm}`);
  const outer = new Reader(signature);
  if (outer.utf8() !== plain) return false;
  const inner = outer.string();
  outer.end();
  const key = new Reader(blob);
  if (key.utf8() !== (isCertified ? row.type + CERTIFIED : row.type)) return false;
  if (isCertified) key.string(); // the nonce, in front of the fields of the key
  return row.verify(row.load(key), inner, hash);
}

interface Row {
  readonly type: string;
  load(blob: Reader): KeyObject;
  verify(key: KeyObject, signature: Uint8Array, data: Uint8Array): boolean;
}

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");
const jwk = (key: Record<string, string>): KeyObject => createPublicKey({ key, format: "jwk" });

const rows: Readonly<Record<string, Row>> = {
  "ssh-ed25519": {
    type: "ssh-ed25519",
    load: (blob) => jwk({ kty: "OKP", crv: "Ed25519", x: base64url(blob.string()) }),
    verify: (key, signature, data) => verify(null, data, key, signature),
  },
  "rsa-sha2-256": rsa("sha256"),
  "rsa-sha2-512": rsa("sha512"),
  "ecdsa-sha2-nistp256": ecdsa("nistp256", "P-256", 32, "sha256"),
  "ecdsa-sha2-nistp384": ecdsa("nistp384", "P-384", 48, "sha384"),
  "ecdsa-sha2-nistp521": ecdsa("nistp521", "P-521", 66, "sha512"),
};

function rsa(hash: string): Row {
  return {
    type: "ssh-rsa",
    load: (blob) => {
      const e = base64url(blob.mpint());
      return jwk({ kty: "RSA", e, n: base64url(blob.mpint()) });
    },
    verify: (key, signature, data) => verify(hash, data, key, signature),
  };
}

function ecdsa(identifier: string, crv: string, length: number, hash: string): Row {
  return {
    type: `ecdsa-sha2-${identifier}`,
    load: (blob) => {
      if (blob.utf8() !== identifier) throw new Error("the host key names another curve");
      const point = blob.string();
      return jwk({
        kty: "EC",
        crv,
        x: base64url(point.subarray(1, 1 + length)),
        y: base64url(point.subarray(1 + length)),
      });
    },
    verify: (key, signature, data) => {
      const numbers = new Reader(signature);
      const both = Buffer.alloc(2 * length);
      const r = numbers.mpint();
      const s = numbers.mpint();
      numbers.end();
      both.set(r, length - r.length);
      both.set(s, 2 * length - s.length);
      return verify(hash, data, { key, dsaEncoding: "ieee-p1363" }, both);
    },
  };
}
