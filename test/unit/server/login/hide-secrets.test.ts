import assert from "node:assert/strict";
import test from "node:test";
import { format, inspect } from "node:util";
import type { AuthData } from "../../../../src/server/index.ts";
import { interactive, password, setUp } from "../gate/login.ts";

/** All the ways in which a handler might print what it is told. */
function shown(data: AuthData): string {
  return [
    inspect(data, { depth: Infinity, showHidden: true }),
    inspect({ attempt: [data] }, { depth: Infinity }),
    JSON.stringify(data),
    format("%s %o %O %j", data, data, data, data),
  ].join("\n");
}

test("the password of an attempt is there for a handler to read and to copy, and is shown by nothing that prints it", async () => {
  const { events, judge } = setUp();
  const read: unknown[] = [];
  let told = "";
  events.add("auth", (data) => {
    if (data.method !== "password") return false;
    const { username: _, ...copy } = data;
    read.push(copy.password, copy.newPassword);
    told += shown(data);
    return false;
  });
  await judge(password("S3CRET-1"));
  await judge({ method: "password", username: "alice", password: "S3CRET-2", newPassword: "S3CRET-3" });
  assert.deepEqual(read, ["S3CRET-1", undefined, "S3CRET-2", "S3CRET-3"]);
  assert.match(told, /alice/);
  assert.match(told, /\[hidden\]/);
  assert.doesNotMatch(told, /S3CRET/);
});

test("so it is with the answers of keyboard-interactive, for handlers and authenticators", async () => {
  const read: unknown[] = [];
  let told = "";
  const judgeOf = (data: AuthData) => {
    told += shown(data);
    if (data.method !== "keyboard-interactive") return false;
    read.push(data.responses);
    return data.round === 0 ? { prompt: { prompts: [{ prompt: "Code: ", echo: false }] } } : false;
  };
  for (const options of [
    { useExternalAuth: true },
    { auth: [{ methods: ["keyboard-interactive" as const], judge: judgeOf }] },
  ]) {
    const { events, judge } = setUp({ ...options, authMethods: ["keyboard-interactive"] });
    if (!("auth" in options)) events.add("auth", judgeOf);
    assert.equal(await judge(interactive()), "prompt");
    assert.equal(await judge(interactive(1, ["S3CRET"])), "refuse");
  }
  assert.deepEqual(read, [[], ["S3CRET"], [], ["S3CRET"]]);
  assert.doesNotMatch(told, /S3CRET/);
});
