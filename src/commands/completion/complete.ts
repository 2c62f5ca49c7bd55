import type { Awaitable, Candidate, Client, CompletionRequest, Completions } from "../../server/index.ts";
import { Access } from "../access.ts";
import { following } from "../awaitable.ts";
import { scan } from "../line/split.ts";
import { PAGERS } from "../run/pager.ts";
import type { Router } from "../run/execute.ts";
import { begins, placesBelow } from "./places.ts";
import { quotedAs } from "./quoted.ts";
import { valuesOf } from "./values.ts";

/** What Tab finds at the cursor of a line. Nothing is there for what one may not run. */
export function completeLine<State>(
  router: Router<State>,
  client: Client<State>,
  { line, cursor, signal }: CompletionRequest,
): Awaitable<Completions> {
  const before = line.slice(0, cursor);
  const { pipes } = router.options;
  const split = scan(before, pipes);
  const here = split.pipes.at(-1) ?? split.words;
  const last = split.isInWord ? here.at(-1) : undefined;
  const start = last?.start ?? cursor;
  const word = last?.text ?? "";
  const words = here.slice(0, last === undefined ? undefined : -1).map(({ text }) => text);
  const found = split.pipes.length === 0 ? candidatesFor(router, client, words, word, signal) : behindPipe(words);
  const typed = { raw: before.slice(start), word, open: split.open, pipes };
  return following(found, (candidates) => ({ start, items: candidates.flatMap((item) => quotedAs(typed, item)) }));
}

function behindPipe(words: readonly string[]): Candidate[] {
  return words.length === 0 ? PAGERS.map((value) => ({ value })) : [];
}

function candidatesFor<State>(
  router: Router<State>,
  client: Client<State>,
  words: readonly string[],
  word: string,
  signal: AbortSignal,
): Awaitable<Candidate[]> {
  const { sudo } = router;
  const isSudo = sudo !== undefined && (words.length > 0 ? words[0] === sudo.word : begins(sudo.word, word));
  if (!isSudo) return behind(router, client, words, word, signal, false);
  return following(sudo.isFor(client), (isAllowed) => {
    if (words.length > 0) return isAllowed ? behind(router, client, words.slice(1), word, signal, true) : [];
    const first = behind(router, client, words, word, signal, false);
    const itself = { value: sudo.word, description: "Runs a command with your password" };
    return isAllowed ? following(first, (candidates) => [...candidates, itself]) : first;
  });
}

function behind<State>(
  router: Router<State>,
  client: Client<State>,
  words: readonly string[],
  word: string,
  signal: AbortSignal,
  elevated: boolean,
): Awaitable<Candidate[]> {
  const { root, options } = router;
  const access = new Access(client, options.may, elevated);
  return following(access.find(root, words), ({ place, depth }) => {
    const { definition } = place;
    const rest = words.slice(depth);
    const names = rest.length === 0 ? placesBelow(place, word, access) : [];
    if (definition?.run === undefined) return names;
    const values = valuesOf(definition, rest, { word, words, client, signal }, options.help);
    return following(names, (places) => following(values, (found) => [...places, ...found]));
  });
}
