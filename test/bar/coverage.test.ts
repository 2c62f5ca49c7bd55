/** Every line of the security bar has a test that names it, or a row in docs/security.md that says why it has none. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** The lines of one part, by the ids that titles of tests and rows of the table begin with. */
interface Part {
  readonly part: string;
  readonly ids: readonly string[];
}

/** Of the table of limits, the names of the rows. */
const limits: readonly string[] = [
  "LoginGraceTime",
  "identification",
  "handshake to first NEWKEYS",
  "packet_length",
  "KEXINIT / names per list / name",
  "EXT_INFO entries",
  "MaxAuthTries",
  "USERAUTH requests total",
  "key queries",
  "kbd-int responses / prompts",
  "user / method / service name",
  "password",
  "failed-attempt delay",
  "MaxStartups",
  "PerSourceMaxStartups / NetBlockSize",
  "PerSourcePenalties",
  "total connections",
  "MaxSessions",
  "channels per connection",
  "window / maximum packet given",
  "window overrun tolerated",
  "peer's maximum packet",
  "global requests outstanding",
  "send queue",
  "env vars / value",
  "exec command / subsystem name / TERM / modes",
  "RekeyLimit",
  "rekey: time to finish; by client",
  "rekey before login",
  "ClientAlive",
  "ChannelTimeout / UnusedConnectionTimeout",
  "RSA key size",
  "certificate: size, principals, options",
  "authorized_keys: file / line",
  "agent frame / identities",
  "forwards (listeners) per connection",
  "SFTP packet / read / write",
  "SFTP handles / requests in flight",
  "SFTP handle length / path",
  "READDIR entries per reply",
  "SCP record line / depth",
  "login banner",
];

const parts: readonly Part[] = [
  { part: "known failures", ids: numbered("A", 97) },
  { part: "limits", ids: limits.map((name) => `B ${name}`) },
  { part: "protocol", ids: numbered("C", 86) },
];

const known = parts.flatMap(({ ids }) => ids);
const titles = globSync("test/bar/*.test.ts").flatMap((file) => titlesIn(readFileSync(file, "utf8")));
const named = new Map(titles.map((title) => [title, idsOf(title)]));
const excused = rowsOf(readFileSync("docs/security.md", "utf8"));

for (const { part, ids } of parts) {
  test(`every line of the part "${part}" has a test or a row`, () => {
    const done = new Set([...[...named.values()].flat(), ...excused]);
    assert.deepEqual(
      ids.filter((id) => !done.has(id)),
      [],
    );
  });
}

test("every title names the lines that it is about, and every row one that there is", () => {
  assert.deepEqual(
    titles.filter((title) => named.get(title)?.length === 0),
    [],
  );
  assert.deepEqual(
    excused.filter((id) => !known.includes(id)),
    [],
  );
});

function numbered(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${letter}${at + 1}`);
}

/** The titles in the text of a file, with the placeholders of those that are made in a loop. */
function titlesIn(source: string): string[] {
  const titles = [...source.matchAll(/\btest\(\s*(["`])(.+?)\1,/gs)].map(([, , title]) => title ?? "");
  // This file and its own titles aside.
  return source.includes("const excused = ") ? [] : titles;
}

/** The ids in front of the colon, with commas between them. Ids may have commas and colons of their own. */
function idsOf(title: string): string[] {
  const found: string[] = [];
  for (let rest = title; ;) {
    const id = known.find((id) => rest.startsWith(`${id}, `) || rest.startsWith(`${id}: `));
    if (id === undefined) return [];
    found.push(id);
    const isLast = rest.startsWith(`${id}: `);
    if (isLast) return found;
    rest = rest.slice(id.length + 2);
  }
}

/** The ids of the table under the heading. */
function rowsOf(page: string): string[] {
  const [, section = ""] = page.split("\n## The bar, line by line: what does not apply\n");
  const [table = ""] = section.split("\n## ");
  return [...table.matchAll(/^\| ([A-Z].*?) +\|/gm)].map(([, id]) => id ?? "").filter((id) => id !== "Line");
}
