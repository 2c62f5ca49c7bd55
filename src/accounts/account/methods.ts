/**
 * What an account has to show: lists of methods that follow one another, such as `publickey,keyboard-interactive`. One of the
 * lists has to be completed. A code of an authenticator app, or a recovery code, is `keyboard-interactive`, and never comes
 * first.
 */
const FIRST: readonly string[] = ["publickey", "password"];
const ALL: ReadonlySet<string> = new Set([...FIRST, "keyboard-interactive"]);
const MAX_LISTS = 8;

const ONE_FACTOR: readonly string[] = ["publickey", "password"];
const TWO_FACTORS: readonly string[] = ["publickey,keyboard-interactive", "password,keyboard-interactive"];

/** Whether this can be the lists of an account. */
export function isMethodLists(given: unknown): given is readonly string[] {
  return Array.isArray(given) && given.length > 0 && given.length <= MAX_LISTS && given.every(isMethodList);
}

/** The lists that hold for an account that has none of its own: who has set up codes needs one, whatever comes first. */
export function usualMethods(hasTotp: boolean): readonly string[] {
  return hasTotp ? TWO_FACTORS : ONE_FACTOR;
}

/**
 * What comes of one more method: those of which one has to follow, none when a list is complete, or undefined when it may not
 * come here. Behind a complete list everything may: the server asks for more than the account does.
 */
export function step(
  lists: readonly string[],
  passed: readonly string[],
  method: string,
): readonly string[] | undefined {
  const before = rests(lists, passed);
  if (before.some((rest) => rest.length === 0)) return [];
  const after = before.filter(([next]) => next === method).map((rest) => rest.slice(1));
  if (after.length === 0) return undefined;
  return after.some((rest) => rest.length === 0) ? [] : [...new Set(after.map(([next = ""]) => next))];
}

/** What is left of the lists that begin with what was passed. */
function rests(lists: readonly string[], passed: readonly string[]): readonly (readonly string[])[] {
  return lists
    .map((list) => list.split(","))
    .filter((list) => list.every((method, at) => at >= passed.length || passed[at] === method))
    .map((list) => list.slice(passed.length));
}

function isMethodList(given: unknown): boolean {
  if (typeof given !== "string") return false;
  const methods = given.split(",");
  return (
    FIRST.includes(methods[0] ?? "") &&
    methods.every((method) => ALL.has(method)) &&
    new Set(methods).size === methods.length
  );
}
