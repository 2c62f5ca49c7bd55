import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { cipherAlgorithms, kexAlgorithms, macAlgorithms } from "../../../src/crypto/index.ts";
import { certificates } from "../../../src/auth/index.ts";
import { Server } from "../../../src/index.ts";
import { peer, requirePeer } from "../peers.ts";
import type { PeerName } from "../peers.ts";
import { Authority } from "./authority.ts";
import { hostKeyFile, keyKinds, publicKey, userKeyFile } from "./keys.ts";
import type { KeyKind } from "./keys.ts";
import { digestOfNoise } from "./noise.ts";
import { run } from "./program.ts";
import { assertSeen, PASSWORD, startSubject } from "./subject.ts";
import type { Subject } from "./subject.ts";

const MIB = 1024 ** 2;

/** What a scenario saw, by name. */
export type Sight = Readonly<Record<string, unknown>>;

/** A client library, which plays scenarios against a server and says what it saw. */
export interface Library {
  readonly name: PeerName;
  /** The kinds of key that it can log in with. */
  readonly keys: readonly KeyKind[];
  /** How much it is asked to move each way, in MiB. */
  readonly bulk: number;
  /** Whether the server may renew the keys while the library sends. */
  readonly renewsWhileSending: boolean;
  /** What it can send to a running shell, as the `signal` event names it. */
  readonly signals: readonly string[];
  /**
   * Plays a scenario: `password`, `key`, `certificate`, `questions`, `commands`, `terminal`, `bulk` or `algorithms`, as python/*.py and
   * ssh2.test.ts have them. `hostKeys` are the lines of an authorized_keys file.
   */
  play(port: number, hostKeys: readonly string[], scenario: string, ...args: readonly string[]): Promise<Sight>;
}

/** A library for Python, played by python/NAME_peer.py. */
export function pythonLibrary(facts: Omit<Library, "play">): Library {
  const script = new URL(`../python/${facts.name}_peer.py`, import.meta.url).pathname;
  return {
    ...facts,
    async play(port, hostKeys, ...scenario) {
      const python = peer(facts.name) ?? "python3";
      const { status, stdout, stderr } = await run(python, [script, String(port), hostKeys.join("\n"), ...scenario]);
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout) as Sight;
    },
  };
}

/** Makes the tests that every library with certificates has to pass: those that `ssh-keygen` makes, over keys of these kinds. */
export function testCertificates(library: Library, kinds: readonly KeyKind[]): void {
  const { name } = library;
  for (const kind of kinds) {
    test(`${name} logs in with a certificate over a key of type ${kind}, as its principal and bound to its command`, async (t) => {
      const keygen = requirePeer(t, "ssh-keygen");
      if (requirePeer(t, name) === undefined || keygen === undefined) return;
      const authority = await Authority.make(keygen);
      const key = userKeyFile(kind);
      const args = ["-I", "x", "-n", "alice", "-O", "force-command=inventory"];
      const certificate = await authority.certify(`${key}.pub`, args);
      const server = new Server({
        port: 0,
        hostKeys: hostKeyFile("ed25519"),
        auth: [certificates({ trusted: { file: authority.publicFile } })],
        log: false,
      });
      server.onUser("exec", (client, command) => client.sendln(command));
      const { port } = await server.run();
      t.after(() => server.close());
      const play = (user: string): Promise<Sight> =>
        library.play(port, [publicKey("host", "ed25519")], "certificate", key, certificate, user);
      assert.deepEqual(await play("alice"), { in: true, output: "inventory\n" });
      assert.deepEqual(await play("bob"), { in: false });
    });
  }
}

/** Makes the tests that every library has to pass. */
export function testLibrary(library: Library): void {
  const { name, keys, bulk, renewsWhileSending, signals } = library;
  const ed25519 = userKeyFile("ed25519");
  const play = (subject: Subject, ...scenario: [string, ...string[]]): Promise<Sight> =>
    library.play(subject.port, [publicKey("host", "ed25519")], ...scenario);

  /** A test that is skipped, by name, where the library is missing. */
  const testIt = (does: string, body: (t: TestContext) => Promise<void>): void => {
    test(`${name} ${does}`, async (t) => {
      if (requirePeer(t, name) !== undefined) await body(t);
    });
  };

  testIt("is let in by the password, and not by another", async (t) => {
    const subject = await startSubject(t);
    assert.deepEqual(await play(subject, "password", PASSWORD), { in: true, status: 7 });
    assert.deepEqual(await play(subject, "password", "wrong horse"), { in: false });
    await assertSeen(subject, ["login alice by password", "left exit"]);
  });

  for (const kind of keys) {
    testIt(`logs in with a key of type ${kind}`, async (t) => {
      const subject = await startSubject(t, { userKeys: [kind] });
      assert.deepEqual(await play(subject, "key", userKeyFile(kind)), { status: 7 });
      await assertSeen(subject, ["login alice by publickey", "left exit"]);
    });
  }

  testIt("answers two rounds of keyboard-interactive", async (t) => {
    const subject = await startSubject(t);
    const answers = { assword: PASSWORD, Colour: "red", Animal: "fox" };
    const rounds = [
      [["Password: ", false]],
      [
        ["Colour: ", true],
        ["Animal: ", false],
      ],
    ];
    assert.deepEqual(await play(subject, "questions", JSON.stringify(answers)), { rounds, status: 7 });
  });

  testIt("runs commands: their input, both outputs, status and environment", async (t) => {
    const subject = await startSubject(t);
    assert.deepEqual(await play(subject, "commands", ed25519), {
      piped: "pipe me\n",
      unknown: [127, "", "unknown command\n"],
      statuses: [0, 3, 255],
      env: "rot\n",
    });
  });

  testIt(
    `types at a prompt and tells of its terminal's size${signals.length > 0 ? " and of signals" : ""}`,
    async (t) => {
      const subject = await startSubject(t);
      assert.deepEqual(await play(subject, "terminal", ed25519), { status: 0 });
      const seen = [
        "pty xterm 100x30",
        "login alice by publickey",
        "resized 132x43",
        ...signals.map((signal) => `signal ${signal}`),
      ];
      await assertSeen(subject, [...seen, "left exit"]);
    },
  );

  const renewing = renewsWhileSending ? ", while the server renews the keys for every MiB" : "";
  testIt(`moves ${bulk} MiB down, up, and there and back${renewing}`, async (t) => {
    const subject = await startSubject(t, renewsWhileSending ? { limits: { rekeyLimit: { bytes: MIB } } } : {});
    const digest = digestOfNoise(bulk);
    assert.deepEqual(await play(subject, "bulk", ed25519, String(bulk)), { down: digest, up: digest, back: digest });
  });

  testIt("understands every key exchange, cipher, MAC and host key that it has", async (t) => {
    const subject = await startSubject(t, { hostKeys: keyKinds.filter((kind) => kind !== "rsa-3072") });
    const lists = {
      kex: [...kexAlgorithms.keys()],
      ciphers: [...cipherAlgorithms.keys()],
      macs: [...macAlgorithms.keys()],
      keys: subject.server.hostKeys.flatMap((key) => key.algorithms),
    };
    const hostKeys = subject.server.hostKeys.map(String);
    const { failed, tried } = await library.play(subject.port, hostKeys, "algorithms", ed25519, JSON.stringify(lists));
    assert.deepEqual(failed, {});
    assert.ok(Number(tried) >= 8, `only ${String(tried)} algorithms in common`);
    t.diagnostic(`${String(tried)} algorithms`);
  });
}
