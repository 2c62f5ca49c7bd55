import type { OfferedCertificate } from "../../server/index.ts";
import type { Terms } from "./terms.ts";
import { termsOf } from "./terms.ts";

/** What a certificate has to be, beside signed by a CA that is trusted. */
export interface CertificateRule {
  /** One of these has to be among its principals, letter for letter. */
  readonly principals: readonly string[];
  /** The algorithms by which its CA may have signed. */
  readonly algorithms: readonly string[];
  /** In milliseconds since 1970. */
  readonly now: number;
}

/**
 * Judges a certificate whose CA is trusted already: what it allows, or why it is refused.
 */
export function checkCertificate(
  certificate: OfferedCertificate,
  rule: CertificateRule,
): Terms | { readonly why: string } {
  if (certificate.type !== "user") return { why: "it is for a host" };
  if (!rule.algorithms.includes(certificate.signatureAlgorithm))
    return { why: "its CA signed by an algorithm that is not allowed" };
  const seconds = rule.now / 1000;
  if (!(certificate.validAfter <= seconds)) return { why: "it is not in force yet" };
  if (!(seconds < certificate.validBefore)) return { why: "it has expired" };
  // CVE-2024-7594, CVE-2026-35414: one without principals is for nobody, and "a,b" is one name and not two.
  if (!certificate.principals.some((principal) => rule.principals.includes(principal))) {
    return { why: "it is not for this user" };
  }
  return termsOf(certificate);
}
