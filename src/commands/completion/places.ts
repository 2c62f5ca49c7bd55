import type { Awaitable, Candidate } from "../../server/index.ts";
import type { Access } from "../access.ts";
import { following } from "../awaitable.ts";
import type { Entry } from "../registry.ts";

/** The words that can follow where others have led, and begin like one that is being typed. */
export function placesBelow<State>(place: Entry<State>, word: string, access: Access<State>): Awaitable<Candidate[]> {
  return following(access.visible(place), (children) =>
    children.flatMap(({ path, definition }) => {
      if (definition?.hidden === true) return [];
      const name = path.at(-1) ?? "";
      // An alias is shorter than what it stands for: it is of use where the name does not come up.
      const isNamed = name.toLowerCase().startsWith(word.toLowerCase());
      const names = isNamed ? [name] : (definition?.aliases ?? []);
      return names.map((value) => ({ value, description: definition?.summary ?? "" }));
    }),
  );
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
