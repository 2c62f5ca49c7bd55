import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import * as fc from "fast-check";
import { formatEntry } from "../../../src/server/index.ts";

test("an entry is one line of JSON, the name of the user last", () => {
  const line = formatEntry(
    {
      level: "info",
      event: "login",
      connection: "7",
      peer: "192.0.2.1",
      detail: { method: "password", tries: 2 },
      username: "alice",
    },
    new Date(0),
  );
  assert.equal(
    line,
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"login","connection":"7","peer":"192.0.2.1",' +
      '"method":"password","tries":2,"username":"alice"}',
  );
});

test("whatever a peer chose, the line is printable, and says what came in at most 256 characters", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      "\x1b]0;x\x07",
      "a\nAccepted for root",
      "\u202eevil",
      "\u2028",
      "\x9b31m",
      "\x7f",
      "\ufeff",
      "\u{e0041}",
      "\ud800",
    ),
    fc.string({ unit: "binary", minLength: 300, maxLength: 400 }),
  );
  fc.assert(
    fc.property(anything, anything, (username, version) => {
      const line = formatEntry({ level: "warn", event: "x", peer: version, detail: { version }, username });
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      const parsed = JSON.parse(line) as { username: string; version: string };
      assert.ok(parsed.username.length <= 256);
      if (username.length <= 256) assert.equal(parsed.username, username);
    }),
  );
});

test("an error has its stack in it, also one that is no Error", () => {
  assert.match(formatEntry({ level: "error", event: "x", error: new Error("no\nway") }), /no\\nway\\n +at /);
  assert.match(formatEntry({ level: "error", event: "x", error: { odd: 1n } }), /odd: 1n/);
});

test("a stderr that nobody reads any more ends no process", () => {
  const log = new URL("../../../src/server/index.ts", import.meta.url).href;
  const program = `
    import { stderrLog } from ${JSON.stringify(log)};
    const entry = { level: "info", event: "command", detail: { command: "x".repeat(100) } };
    for (let count = 0; count < 20; count++) {
      stderrLog(entry);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    console.log("alive", process.stderr.listenerCount("error"));
  `;
  // The reader takes nothing and goes at once.
  const script = 'exec 3>&1; "$0" --input-type=module-typescript -e "$1" 2>&1 >&3 3>&- | true';
  const { stdout } = spawnSync("bash", ["-c", script, process.execPath, program], { encoding: "utf8" });
  assert.match(stdout, /^alive \d+\n$/);
});
