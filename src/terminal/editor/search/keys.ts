/** What a key does while the history is searched; text is added to the pattern. */
export type SearchKey = "older" | "newer" | "backspace" | "accept" | "abort";

/** The keys of a search. Any other key takes the line that was found, and then does what it does. */
export const SEARCH_KEYS: ReadonlyMap<string, SearchKey> = new Map<string, SearchKey>([
  ["ctrl+r", "older"],
  ["ctrl+s", "newer"],
  ["backspace", "backspace"],
  ["escape", "accept"],
  ["ctrl+g", "abort"],
]);
