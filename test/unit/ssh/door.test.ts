import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { generatePrivateKey, parsePrivateKey } from "../../../src/crypto/index.ts";
import type { HostKey } from "../../../src/crypto/index.ts";
import { Server } from "../../../src/index.ts";
import type { LogEntry, ServerOptions } from "../../../src/index.ts";
import { Reader } from "../../../src/wire/index.ts";
import { certify } from "../../client/index.ts";
import { makeFolder } from "./folder.ts";

const first = generatePrivateKey("ed25519");
const second = generatePrivateKey("ecdsa");
const ca = parsePrivateKey(generatePrivateKey("ed25519"));

const describeKey = (text: string): string => parsePrivateKey(text).publicKey.describe();

function certificate(key: HostKey, type: number): string {
  const signer = { blob: ca.publicKey.blob, sign: (data: Uint8Array) => ca.sign("ssh-ed25519", data) };
  const blob = certify(key.publicKey.blob, signer, { type });
  return `${new Reader(blob).utf8()} ${Buffer.from(blob).toString("base64")}`;
}

function make(options: ServerOptions): { server: Server; log: LogEntry[] } {
  const log: LogEntry[] = [];
  const server = new Server({ port: 0, allowAnyone: true, log: (entry) => void log.push(entry), ...options });
  return { server, log };
}

describe("the host keys of a server", () => {
  test("are told to the log when it listens, with the certificates", async (t) => {
    const hostCertificates = certificate(parsePrivateKey(second), 2);
    const { server, log } = make({ hostKeys: [first, second], hostCertificates });
    t.after(() => server.close());
    assert.equal(server.hostKeys.length, 0);
    const address = await server.run();
    assert.deepEqual(
      server.hostKeys.map((key) => key.describe()),
      [describeKey(first), describeKey(second)],
    );
    const { fingerprint } = parsePrivateKey(second).publicKey;
    assert.deepEqual(log[0], {
      level: "info",
      event: "listening",
      detail: {
        ...address,
        keys: `${describeKey(first)}, ${describeKey(second)}`,
        certificates: `256 ${fingerprint} no comment (ECDSA-CERT) until the end of time`,
      },
    });
  });

  test("can be read again, and stay as they are when that fails", async (t) => {
    const file = join(makeFolder(), "key");
    const keep = (content: string): void => writeFileSync(file, content, { mode: 0o600 });
    keep(first);
    const { server, log } = make({ hostKeys: file });
    t.after(() => server.close());
    await server.run();
    keep(second);
    await server.reloadHostKeys();
    assert.deepEqual(log.at(-1), { level: "info", event: "host keys reloaded", detail: { keys: describeKey(second) } });
    keep("damaged");
    await assert.rejects(server.reloadHostKeys(), { name: "ConfigError", code: "BAD_HOST_KEY" });
    assert.deepEqual(
      server.hostKeys.map((key) => key.describe()),
      [describeKey(second)],
    );
  });

  test("are not read again before it runs", async () => {
    await assert.rejects(make({ hostKeys: first }).server.reloadHostKeys(), { code: "WRONG_STATE" });
  });

  test("keep it from its start when one cannot be used", async () => {
    for (const options of [
      { hostKeys: { env: "SALLYPORT_TEST_NOTHING" } },
      { hostKeys: first, hostCertificates: certificate(parsePrivateKey(first), 1) },
      { hostKeys: first, hostCertificates: [certificate(ca, 2)] },
    ]) {
      const { server } = make(options);
      await assert.rejects(server.run(), { name: "ConfigError", code: "BAD_HOST_KEY" });
      assert.equal(server.address, undefined);
      await server.close();
    }
  });

  test("are not shown when somebody logs the server", () => {
    const key = generatePrivateKey("ed25519");
    const { server } = make({ hostKeys: [key, { file: "somewhere", passphrase: "open sesame" }] });
    for (const shown of [
      inspect(server, { depth: Infinity }),
      JSON.stringify(server),
      JSON.stringify(server.options),
    ]) {
      assert.doesNotMatch(shown, /BEGIN|sesame/);
    }
  });
});

describe("the options hostKeys and hostCertificates", () => {
  for (const hostKeys of ["", [], [""], 5, {}, { file: "" }, { file: 5 }, { key: new Uint8Array(0) }, { env: null }]) {
    test(`are not ${inspect(hostKeys)}`, () => {
      const options = { hostKeys } as unknown as ServerOptions;
      assert.throws(() => make(options), {
        code: "BAD_OPTION",
        message: /^The option hostKeys must be the path or the text/,
      });
    });
  }

  for (const [what, hostKeys] of [
    ["two places at once", { file: "a", env: "B" }],
    ["an empty passphrase", { file: "a", passphrase: "" }],
    ["a passphrase that is none", { file: "a", passphrase: 5 }],
    ["a field that nobody knows", { file: "a", password: "open sesame" }],
  ] as const) {
    test(`do not take ${what}, and do not repeat a secret`, () => {
      const options = { hostKeys } as unknown as ServerOptions;
      assert.throws(
        () => make(options),
        (error) => error instanceof Error && /hostKeys/.test(error.message) && !/sesame/.test(error.message),
      );
    });
  }

  test("take one or several", () => {
    const sources = ["path", { file: "path" }, { env: "NAME", passphrase: () => "secret" }, { key: Buffer.from("x") }];
    for (const hostKeys of [sources, ...sources]) {
      assert.deepEqual(make({ hostKeys }).server.options.hostKeys, [hostKeys].flat());
    }
    assert.deepEqual(make({ hostCertificates: "a" }).server.options.hostCertificates, ["a"]);
    assert.deepEqual(make({ hostCertificates: ["a", "b"] }).server.options.hostCertificates, ["a", "b"]);
    assert.throws(() => make({ hostCertificates: 5 } as unknown as ServerOptions), { code: "BAD_OPTION" });
  });
});
