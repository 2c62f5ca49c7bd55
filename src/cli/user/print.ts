import type { Account, LoginRecord } from "../../accounts/index.ts";
import { escapeControls, stringWidth } from "../../terminal/index.ts";

/** JSON that acts on no terminal: what its strings may hold besides ASCII is spelled out where it would. */
export function json(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Rows with their columns below one another. Nothing in them acts on a terminal. */
export function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const shown = rows.map((row) => row.map((cell) => escapeControls(cell)));
  const widths = (shown[0] ?? []).map((_, at) => Math.max(...shown.map((row) => stringWidth(row[at] ?? ""))));
  return shown.map((row) =>
    row
      .map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - stringWidth(cell)))
      .join("  ")
      .trimEnd(),
  );
}

/** `2026-11-26 04:26 UTC`. */
export function time(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** `enabled`, `disabled` or `expired`. */
export function stateOf({ disabled, expires }: Account, now: number = Date.now()): string {
  if (disabled) return "disabled";
  return expires !== undefined && expires <= now ? "expired" : "enabled";
}

/** What an account has to log in with. */
export function waysIn({ hasPassword, hasTotp, keys }: Account): string {
  const ways = [
    keys.length === 1 ? "1 key" : keys.length > 1 && `${keys.length} keys`,
    hasPassword && "password",
    hasTotp && "codes",
  ];
  return ways.filter((way) => way !== false).join(", ") || "nothing";
}

/** When somebody logged in, whence and how. */
export function login(record: LoginRecord | undefined): string {
  return record === undefined ? "never" : `${time(record.at)} from ${record.address} by ${record.method}`;
}
