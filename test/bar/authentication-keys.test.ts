/** Security bar, part A2: what keys and certificates allow. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { authorizedKeys, certificates, publicKeys } from "../../src/auth/index.ts";
import type { AuthVerdict, Authenticator as Judge } from "../../src/index.ts";
import { Writer } from "../../src/wire/index.ts";
import { Authenticator, clientKey } from "../client/index.ts";
import { makeFolder, put } from "../unit/auth/folder.ts";
import { Bar, certified, channelData, channelEof, keyLine, PASSWORD } from "./harness/index.ts";
import type { Peer } from "./harness/index.ts";

const key = clientKey("ssh-ed25519");
const ca = clientKey("ssh-ed25519");

const trusting: Judge = certificates({ trusted: { text: keyLine(ca) } });
const fresh = (bar: Bar): Promise<Peer> => bar.peer("handshake done");

/** The ways in which a verdict may say from where a login may come; each logs in under it. */
const byFactor: Readonly<
  Record<string, (from: readonly string[]) => [auth: Judge, attempt: (peer: Peer) => Promise<string>]>
> = {
  "a line of authorized keys": (from) => [
    authorizedKeys({ text: keyLine(key, `from="${from.join()}"`) }),
    (peer) => peer.tryKey("ada", key),
  ],
  "a certificate": (from) => {
    const fields = { criticalOptions: Buffer.concat([option("source-address", from.join())]) };
    return [trusting, (peer) => peer.tryKey("ada", certified(key, ca, fields))];
  },
  "a finding about a key": (from) => [
    publicKeys(() => ({ accept: true, restrictions: { sourceAddress: from } })),
    (peer) => peer.tryKey("ada", key),
  ],
  "a verdict on a password": (from) => [
    { methods: ["password"], judge: (data) => onlyAda(data.username, from) },
    (peer) => peer.tryPassword("ada", "any"),
  ],
  "a verdict on an answer": (from) => [
    {
      methods: ["keyboard-interactive"],
      async judge(data) {
        return (
          data.method === "keyboard-interactive" &&
          (await data.prompt("Code: ")) === "1" &&
          onlyAda(data.username, from)
        );
      },
    },
    (peer) => peer.tryInteractive("ada", ["1"]),
  ],
};

function onlyAda(username: string, sourceAddress: readonly string[]): AuthVerdict | undefined {
  return username === "ada" ? { accept: true, restrictions: { sourceAddress } } : undefined;
}

function option(name: string, text: string): Uint8Array {
  return new Writer().utf8(name).string(new Writer().utf8(text).finish()).finish();
}

for (const [what, factor] of Object.entries(byFactor)) {
  test(`A34: an address that ${what} does not allow keeps out, and so does an empty list of them`, async (t) => {
    for (const [from, verdict] of [
      [["127.0.0.0/8"], "success"],
      [["10.0.0.0/8"], "failure"],
      [[""], "failure"],
      [[], "failure"],
    ] as const) {
      const [auth, attempt] = factor(from);
      const bar = await Bar.open(t, { auth: [auth], logIn: (peer) => peer.tryPassword("sentinel", PASSWORD) });
      assert.equal(await attempt(await fresh(bar)), verdict, `from ${JSON.stringify(from)}`);
    }
  });
}

test("A35: the command that a key is bound to runs, whichever factor comes first, and two that differ let nobody in", async (t) => {
  const bar = await Bar.open(t, {
    auth: [authorizedKeys((username) => keyLine(key, username === "ada" ? 'command="up"' : ""))],
    authenticationMethods: ["publickey,password", "password,publickey"],
    judge: ({ username, method }) =>
      method === "password" && (username !== "eve" || { accept: true, restrictions: { forceCommand: "cat" } }),
    logIn: async (peer) => {
      assert.equal(await peer.tryKey("sentinel", key), "partial");
      return peer.tryPassword("sentinel", PASSWORD);
    },
  });
  const byKey = (peer: Peer, user: string): Promise<string> => peer.tryKey(user, key);
  const byPassword = (peer: Peer, user: string): Promise<string> => peer.tryPassword(user, PASSWORD);
  for (const [first, second] of [
    [byKey, byPassword],
    [byPassword, byKey],
  ] as const) {
    bar.seen.length = 0;
    const peer = await fresh(bar);
    assert.equal(await first(peer, "ada"), "partial");
    assert.equal(await second(peer, "ada"), "success");
    const channel = await peer.exec("cat");
    peer.send(channelData(channel, "four"), channelEof(channel));
    await peer.prints(/^4\n$/);
    assert.deepEqual(bar.seen.slice(1), ["exec up"]);
  }
  const conflicting = await Bar.open(t, {
    auth: [authorizedKeys({ text: keyLine(key, 'command="up"') })],
    authenticationMethods: ["publickey,password", "password"],
    judge: ({ passed }) => (passed.length === 0 ? true : { accept: true, restrictions: { forceCommand: "cat" } }),
  });
  const peer = await fresh(conflicting);
  assert.equal(await peer.tryKey("ada", key), "partial");
  assert.equal(await peer.tryPassword("ada", PASSWORD), "failure");
});

test("A42: a FIDO key has to be touched unless its line says otherwise, and verified where it says so", async (t) => {
  const tokens = [new Authenticator("ed25519"), new Authenticator("ecdsa")];
  for (const [options, good, bad] of [
    ["", [1, 5], [0, 4]],
    ["no-touch-required", [0, 1, 4, 5], []],
    ["verify-required", [5], [0, 1, 4]],
  ] as const) {
    const bar = await Bar.open(t, {
      auth: [authorizedKeys({ text: tokens.map((token) => keyLine(token, options)).join("") })],
    });
    for (const token of tokens) {
      for (const flags of [0, 1, 4, 5]) {
        const verdict = await (
          await fresh(bar)
        ).tryKey("ada", {
          algorithm: token.algorithm,
          blob: token.blob,
          sign: (data) => token.sign(data, { flags }),
        });
        const isGood = (good as readonly number[]).includes(flags);
        assert.equal(isGood, !(bad as readonly number[]).includes(flags));
        assert.equal(verdict, isGood ? "success" : "failure", `${token.algorithm} ${options} flags ${flags}`);
      }
    }
  }
});

test("A43: a certificate is for the names in it, each as a whole, and without any it is for nobody", async (t) => {
  const bar = await Bar.open(t, { auth: [trusting] });
  for (const [principals, verdict] of [
    [["root"], "success"],
    [["deploy", "root"], "success"],
    [["deploy,root"], "failure"],
    [["root,"], "failure"],
    [["roo", "root2", "ROOT", "*", "r*", "root "], "failure"],
    [[""], "failure"],
    [[], "failure"],
  ] as const) {
    assert.equal(
      await (await fresh(bar)).tryKey("root", certified(key, ca, { principals })),
      verdict,
      principals.join("|"),
    );
  }
  const anonymous = await fresh(bar);
  assert.equal(await anonymous.tryKey("", certified(key, ca, { principals: [""] })), "failure");
});

test("A51: names that are no file names, pipes, and lines that are too long open no file and let nobody in", async (t) => {
  const folder = makeFolder();
  const keys = makeFolder();
  const asked: string[] = [];
  put(join(folder, "outside"), keyLine(key));
  put(join(keys, "ada"), keyLine(key));
  execFileSync("mkfifo", [join(keys, "pipe")]);
  put(join(keys, "long"), `environment="A=${"x".repeat(9000)}" ${keyLine(key).trim()}\n`);
  put(join(keys, "huge"), `${"# a comment\n".repeat(6000)}${keyLine(key)}`);
  put(join(keys, "restricted"), "restrict\nrestrict,pty\n");
  const auth = authorizedKeys({
    file: (username) => {
      asked.push(username);
      return join(keys, username);
    },
  });
  const bar = await Bar.open(t, { auth: [auth] });
  assert.equal(await (await fresh(bar)).tryKey("ada", key), "success");
  for (const user of ["pipe", "long", "huge", "restricted", "."]) {
    assert.equal(await (await fresh(bar)).tryKey(user, key), "failure", user);
  }
  for (const user of [
    "../outside",
    `../${folder.split("/").at(-1)}/outside`,
    "../../x",
    "..",
    "a/../ada",
    "./ada",
    "/etc/passwd",
    "ada\0",
  ]) {
    assert.equal(await (await fresh(bar)).tryKey(user, key), "failure", user);
  }
  assert.deepEqual([...new Set(asked)].toSorted(), ["ada", "huge", "long", "pipe", "restricted"]);
});
