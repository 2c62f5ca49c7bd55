import { globSync, readFileSync } from "node:fs";
import { relative } from "node:path";

/** The root of the repository. */
export const ROOT: string = new URL("../../..", import.meta.url).pathname;

/** A page of the documentation. */
export interface Page {
  /** Its path from the root. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly page: Page;
  readonly language: string;
  readonly code: string;
  /** Where the code begins, from 1. */
  readonly line: number;
}

/** What users read: the README, the guides, and the other pages at the root. */
export const pages: readonly Page[] = globSync(["*.md", "docs/**/*.md", "bench/*.md"], { cwd: ROOT })
  .sort()
  .map(readPage);

/** The guides and the README: where everything that is exported has its place. */
export const guides: readonly Page[] = pages.filter(({ path }) => path === "README.md" || /^docs\/[^/]+$/.test(path));

/** Reads one page; the path is from the root. */
export function readPage(path: string): Page {
  return { path: relative(ROOT, `${ROOT}/${path}`), text: readFileSync(`${ROOT}/${path}`, "utf8") };
}

/** The fenced blocks of a page. */
export function blocksOf(page: Page): readonly Block[] {
  return [...page.text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((match) => {
    const [, language = "", code = ""] = match;
    return { page, language, code, line: page.text.slice(0, match.index).split("\n").length + 1 };
  });
}

/** The rows of all tables of a page, as cells without their padding; heads are among them. */
export function rowsOf(page: Page): readonly (readonly string[])[] {
  return page.text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[ :|-]+\|$/.test(line))
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
}

/** What stands in backquotes in a text. */
export function codeIn(text: string): readonly string[] {
  return [...text.replaceAll(/^```.*?^```$/gms, "").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The names in the table rows that begin with a name in backquotes; `a`, `b` in one cell are two. */
export function namesOf(page: Page): ReadonlySet<string> {
  return new Set(rowsOf(page).flatMap(([first = ""]) => codeIn(first)));
}
