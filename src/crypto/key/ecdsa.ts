import { createPrivateKey, sign, verify } from "node:crypto";
import { Reader, Writer } from "../../wire/index.ts";
import { der, Der, derInteger, derIntegerPair } from "../der.ts";
import { exportPoint, importPoint } from "../nist-curve.ts";
import type { NistCurve } from "../nist-curve.ts";
import { KeyError } from "./error.ts";
import type { SigningKeyType } from "./key-type.ts";

/** RFC 5656 §3: ECDSA over one of the NIST curves. */
export function ecdsa(curve: NistCurve): SigningKeyType {
  const name = `ecdsa-sha2-${curve.identifier}`;
  return {
    name,
    family: "ECDSA",
    algorithms: new Map([[name, curve.hash]]),

    readPublic(from) {
      const key = importPoint(curve, pointPart(from, curve));
      if (key === undefined) {
        throw new KeyError("KEY_REFUSED", `an ECDSA key is no uncompressed point of ${curve.identifier}`);
      }
      return { bits: curve.bits, load: () => key };
    },
    writePublic(to, key) {
      to.utf8(curve.identifier).string(exportPoint(curve, key));
    },

    readPrivate(from) {
      pointPart(from, curve);
      const scalar = from.mpint();
      if (scalar.length > curve.length) throw new KeyError("KEY_MALFORMED", "an ECDSA private key is too long");
      const padded = Buffer.alloc(curve.length);
      padded.set(scalar, curve.length - scalar.length);
      // RFC 5915 §3 without the point, so that OpenSSL computes the one that belongs to the scalar.
      const key = der(
        Der.sequence,
        der(Der.integer, Uint8Array.of(1)),
        der(Der.octetString, padded),
        der(Der.explicit0, curve.oid),
      );
      const privateKey = createPrivateKey({ key: Buffer.from(key.buffer), format: "der", type: "sec1" });
      key.fill(0);
      padded.fill(0);
      return privateKey;
    },
    writePrivate(to, key) {
      this.writePublic(to, key);
      to.mpint(Buffer.from(key.export({ format: "jwk" }).d!, "base64url"));
    },
    owns: (key) => key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === curve.nodeName,

    // RFC 5656 §3.1.2: two mpints. The DER that OpenSSL makes anyway is taken apart here: to ask for the raw form
    // (dsaEncoding "ieee-p1363") costs 27 µs more a signature and a verification (P-256, Node 24.21).
    sign(key, hash, data) {
      const [r, s] = derIntegerPair(sign(hash, data, key));
      // The content of a DER INTEGER is that of an mpint to the byte.
      return new Writer(8 + r.length + s.length).string(r).string(s).finish();
    },
    verify(key, hash, signature, data) {
      const from = new Reader(signature);
      const r = from.mpint();
      const s = from.mpint();
      from.end();
      if (r.length > curve.length || s.length > curve.length) return false;
      return verify(hash, data, key, der(Der.sequence, derInteger(r), derInteger(s)));
    },
  };
}

function pointPart(from: Reader, curve: NistCurve): Uint8Array {
  if (from.name() !== curve.identifier) {
    throw new KeyError("KEY_MALFORMED", `an ECDSA key of type ${curve.identifier} names another curve inside`);
  }
  return from.string();
}
