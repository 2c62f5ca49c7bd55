import assert from "node:assert/strict";
import { test } from "node:test";
import { FileError } from "../../../../src/files/index.ts";
import { parseScp } from "../../../../src/files/scp/command.ts";

const PLAIN = { recursive: false, keepsTimes: false, toDirectory: false };
const FULL = { recursive: true, keepsTimes: true, toDirectory: true };

for (const [command, expected] of [
  ["scp -t .", { ...PLAIN, role: "sink", paths: [{ text: "." }] }],
  ["scp -v -r -p -d -t -- -odd", { ...FULL, role: "sink", paths: [{ text: "-odd" }] }],
  ["scp -pf 'a b' c", { ...PLAIN, keepsTimes: true, role: "source", paths: [{ text: "a b" }, { text: "c" }] }],
  ["scp -qrf *", { ...PLAIN, recursive: true, role: "source", paths: [{ text: "*", pattern: "*" }] }],
  ["scp -f -f a", { ...PLAIN, role: "source", paths: [{ text: "a" }] }],
] as const) {
  test(`${command} is understood`, () => {
    assert.deepEqual(parseScp(command), expected);
  });
}

for (const command of [
  "scp",
  "scp a b",
  "scp -t",
  "scp -t --",
  "scp -t a b",
  "scp -t -f a",
  "scp -r a",
  "scp -t - a",
  "scp -S sh -t a",
  "scp -oProxyCommand=id -t a",
  "scp -t -o ProxyCommand=id a",
  "scp --target -t a",
  "scp -3 -t a",
  "scp -t a; id",
  "scp -t $(id)",
  `scp -f ${"a ".repeat(1001)}`,
]) {
  test(`${command.slice(0, 40)} is refused`, () => {
    assert.throws(
      () => parseScp(command),
      (error) => error instanceof FileError && error.code === "INVALID",
    );
  });
}
