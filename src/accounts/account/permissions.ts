/** What roles give: permissions by the name of the role. */
export type Roles = Readonly<Record<string, readonly string[]>>;

const NAME = "[A-Za-z0-9][A-Za-z0-9_:-]*";
const PERMISSION = new RegExp(`^(?:\\*|${NAME}(?:\\.${NAME})*(?:\\.\\*)?)$`);
const ROLE = new RegExp(`^${NAME}(?:\\.${NAME})*$`);
const MAX_LENGTH = 128;

/** Whether a text can be a permission that is given: names with dots between them, `*` alone, or `.*` at its end. */
export function isPermission(text: unknown): text is string {
  return typeof text === "string" && text.length <= MAX_LENGTH && PERMISSION.test(text);
}

/** Whether a text can be the name of a role: as a permission, without a star. */
export function isRole(text: unknown): text is string {
  return typeof text === "string" && text.length <= MAX_LENGTH && ROLE.test(text);
}

/**
 * Whether one of the permissions that are given is what is asked for: letter for letter, or by a star. `*` gives everything,
 * `orders.*` gives what begins with `orders.`, and not `orders` itself. What is asked for is no pattern.
 */
export function gives(given: readonly string[], asked: string): boolean {
  // Whoever may do everything below `orders` may not therefore do whatever somebody spells `orders.*`.
  if (!isPermission(asked) || asked.includes("*")) return given.includes(asked) && isPermission(asked);
  return given.some(
    (one) => one === asked || one === "*" || (one.endsWith(".*") && asked.startsWith(one.slice(0, -1))),
  );
}

/** All permissions: those of the account, and those of its roles. A role that the app does not know gives none. */
export function expand(own: readonly string[], roles: readonly string[], known: Roles): readonly string[] {
  const ofRoles = roles.flatMap((role) => (Object.hasOwn(known, role) ? (known[role] ?? []) : []));
  return [...new Set([...own, ...ofRoles])];
}
