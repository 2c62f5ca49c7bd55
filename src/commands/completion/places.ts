import type { Awaitable, Candidate } from "../../server/index.ts";
import type { Access } from "../access.ts";
import { following } from "../awaitable.ts";
import type { Entry } from "../registry.ts";

/** The words that can follow where others have led. */
export function placesBelow<State>(place: Entry<State>, access: Access<State>): Awaitable<Candidate[]> {
  return following(access.visible(place), (children) =>
    children.flatMap(({ path, definition }) => {
      if (definition?.hidden === true) return [];
      const description = definition?.summary ?? "";
      return [path.at(-1) ?? "", ...(definition?.aliases ?? [])].map((value) => ({ value, description }));
    }),
  );
}

/** The words that can follow others, as far as all of those lead somewhere. */
export function placesBehind<State>(
  root: Entry<State>,
  words: readonly string[],
  access: Access<State>,
): Awaitable<Candidate[]> {
  return following(access.find(root, words), ({ place, depth }) =>
    depth === words.length ? placesBelow(place, access) : [],
  );
}
