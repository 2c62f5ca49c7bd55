import type { Account } from "../account/account.ts";

/** Why nobody may be in by an account, whatever else speaks for him; undefined when he may. */
export function standing(
  account: Pick<Account, "disabled"> & { readonly expires?: number },
  now: number,
): string | undefined {
  if (account.disabled) return "the account is disabled";
  if (account.expires !== undefined && now >= account.expires) return "the account has expired";
  return undefined;
}
