import { matchesAddress } from "./address-match.ts";
import type { Grant, Restrictions } from "./restrictions.ts";
import { combine, UNRESTRICTED } from "./restrictions.ts";

/** What a login may do, or why it may not be. */
export type Clearance = { readonly grant: Grant } | { readonly why: string };

/**
 * Adds up the restrictions of all factors, and looks at those that concern the login itself: where it comes from, and
 * until when it is good.
 *
 * @param now milliseconds since 1970.
 */
export function clearanceOf(restrictions: readonly Restrictions[], address: string, now: number): Clearance {
  if (restrictions.length === 0) return { grant: UNRESTRICTED };
  const grant = combine(restrictions);
  if (grant === undefined) return { why: "the restrictions of its factors contradict each other" };
  // A list that is there and empty matches nobody (CVE-2026-46595).
  if (!grant.sourceAddress.every((patterns) => matchesAddress(address, patterns))) {
    return { why: "it may not come from this address" };
  }
  // Written so that what is not a number has expired.
  if (!(grant.expires > now)) return { why: "it has expired" };
  return { grant };
}
