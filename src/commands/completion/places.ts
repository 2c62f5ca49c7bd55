import type { Awaitable, Candidate } from "../../server/index.ts";
import type { Access } from "../access.ts";
import { following } from "../awaitable.ts";
import type { Entry } from "../registry.ts";

/** The words that can follow where others have led, and begin like one that is being typed. */
export function placesBelow<State>(place: Entry<State>, word: string, access: Access<State>): Awaitable<Candidate[]> {
  // Who may run the others is not asked: that may take its time.
  const isMeant = (child: Entry<State>): boolean => namesOf(child, word).length > 0;
  return following(access.visible(place, isMeant), (children) =>
    children.flatMap((child) =>
      namesOf(child, word).map((value) => ({ value, description: child.definition?.summary ?? "" })),
    ),
  );
}

/** The name, or where that does not begin so, the aliases that do: they are shorter than what they stand for. */
function namesOf<State>({ path, definition }: Entry<State>, word: string): readonly string[] {
  if (definition?.hidden === true) return [];
  const name = path.at(-1) ?? "";
  return begins(name, word) ? [name] : (definition?.aliases ?? []).filter((alias) => begins(alias, word));
}

/** Whether a name begins as a word does, in any case of letters. */
export function begins(name: string, word: string): boolean {
  return name.length >= word.length && name.toLowerCase().startsWith(word.toLowerCase());
}

/** The words that can follow others, as far as all of those lead somewhere. */
export function placesBehind<State>(
  root: Entry<State>,
  words: readonly string[],
  word: string,
  access: Access<State>,
): Awaitable<Candidate[]> {
  return following(access.find(root, words), ({ place, depth }) =>
    depth === words.length ? placesBelow(place, word, access) : [],
  );
}
