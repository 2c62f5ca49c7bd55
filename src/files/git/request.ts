import { splitWords } from "../command/words.ts";
import { refusal } from "../error.ts";

/** What a client of git asks for, by the name of the program that it wants run. */
export type GitService = "git-upload-pack" | "git-receive-pack" | "git-upload-archive";

/** What each service needs. */
export const SERVICES: Readonly<Record<GitService, { readonly command: string; readonly needs: "read" | "write" }>> = {
  "git-upload-pack": { command: "upload-pack", needs: "read" },
  "git-receive-pack": { command: "receive-pack", needs: "write" },
  "git-upload-archive": { command: "upload-archive", needs: "read" },
};

/** A component of a repository's name: nothing hidden, nothing that looks like an option, nothing to be quoted. */
const COMPONENT = /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$/;
const MAX_COMPONENTS = 8;
const SUFFIX = /\.git$/;
/** gitprotocol-v2: `version=2`, and keys that are yet to come. */
const PROTOCOL = /^version=[0-2](:[a-z0-9-]+(=[a-z0-9-]+)?){0,8}$/;

/**
 * The repository that a command line is about, without the `.git` behind it: `team/app`.
 *
 * @throws FileError `INVALID` for a command line with anything but a name, and for a name that is none.
 */
export function repositoryOf(command: string): string {
  const [, ...words] = splitWords(command);
  const [word] = words;
  if (word === undefined || words.length > 1) throw refusal("one repository has to be named, and nothing else");
  const path = word.text.replace(/^~?\/+/, "").replace(/\/+$/, "");
  const components = path.replace(SUFFIX, "").split("/");
  const isName = components.length <= MAX_COMPONENTS && components.every(isComponent);
  if (!isName) {
    throw refusal(
      "the name of a repository has letters, digits, and . _ + - after the first, with / between its parts",
    );
  }
  return components.join("/");
}

/** What the client wants git to speak, if it is something that git could be told. */
export function protocolOf(value: string | undefined): string | undefined {
  return value !== undefined && value.length <= 256 && PROTOCOL.test(value) ? value : undefined;
}

/** A part that ends in `.git` would be a repository itself, and what follows a path into it. */
function isComponent(text: string): boolean {
  return COMPONENT.test(text) && !SUFFIX.test(text) && !text.endsWith(".") && !text.endsWith(".lock");
}
