import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, normalize } from "node:path";
import test from "node:test";
import manifest from "../../../package.json" with { type: "json" };
import { blocksOf, pages, readPage, ROOT } from "./pages.ts";
import type { Page } from "./pages.ts";

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf({ text }: Page): ReadonlySet<string> {
  const headings = text.replaceAll(/^```.*?^```$/gms, "").matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

test("every relative link leads to a file, and its anchor to a heading", () => {
  const links = pages.flatMap((page) =>
    [...page.text.replaceAll(/^```.*?^```$/gms, "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => ({
      page,
      target,
    })),
  );
  const relative = links.filter(({ target }) => !/^[a-z]+:/.test(target));
  assert.ok(relative.length > 20);
  const broken = relative.filter(({ page, target }) => {
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page.path : normalize(`${dirname(page.path)}/${path}`);
    return !existsSync(`${ROOT}/${file}`) || (anchor !== undefined && !anchorsOf(readPage(file)).has(anchor));
  });
  assert.deepEqual(
    broken.map(({ page, target }) => `${page.path} links to ${target}`),
    [],
  );
});

test("every npm script that a page names is one of the package", () => {
  const named = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bnpm (?:run ([\w:]+)|(start|test)\b)/g)].map(([, script, short]) => ({
      path,
      script: script ?? short ?? "",
    })),
  );
  assert.ok(named.length > 5);
  for (const { path, script } of named) assert.ok(script in manifest.scripts, `${path}: npm run ${script}`);
});

test("the README tells how to begin in commands that are what the project is tested with", () => {
  const commands = blocksOf(readPage("README.md"))
    .filter(({ language }) => language === "sh")
    .map(({ code }) => code.trim());
  assert.deepEqual(commands, ["npm install && npm start", "npm install && npm test"]);
});

test("no page holds what a merge left over", () => {
  const left = pages.filter(({ text }) => /^(<{7} |>{7} |={7}$|(> ){7})/m.test(text));
  assert.deepEqual(
    left.map(({ path }) => path),
    [],
  );
});
