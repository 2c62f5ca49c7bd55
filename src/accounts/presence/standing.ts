/** Why nobody may be in by an account or its document, whatever else speaks for him; undefined when he may. */
export function standing(
  { disabled = false, expires }: { readonly disabled?: boolean | undefined; readonly expires?: number | undefined },
  now: number,
): string | undefined {
  if (disabled) return "the account is disabled";
  if (expires !== undefined && now >= expires) return "the account has expired";
  return undefined;
}
