import assert from "node:assert/strict";
import { test } from "node:test";
import { user } from "../../../../src/cli/user.ts";
import { namesOf, readPage } from "../../docs/pages.ts";

const page = readPage("docs/accounts-cli.md");

test("the guide has a row for every verb of sallyport user, called as the usage calls it", () => {
  const called = [...user.usage.matchAll(/^ {2}(\S.*)$/gm)].map(([, words = ""]) => words);
  assert.ok(called.length >= 17);
  const rows = new Set([...namesOf(page)].map((name) => name.replace("SHA256:…", "FINGERPRINT")));
  assert.deepEqual(
    called.filter((words) => !rows.has(words)),
    [],
  );
});

test("the guide tells of every option but those that are told by the usage alone", () => {
  const options = [...user.usage.matchAll(/^ {4}--(\S+)/gm)].map(([, name = ""]) => name);
  const byUsage = new Set(["password", "no-password", "permission"]);
  assert.deepEqual(
    [...new Set(options)].filter((name) => !byUsage.has(name) && !page.text.includes(`--${name}`)),
    [],
  );
});
