import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { generatePrivateKey, parsePrivateKey } from "../../src/crypto/index.ts";

const TARGET = new URL("target.ts", import.meta.url).pathname;
const INDEX = new URL("../../src/index.ts", import.meta.url).href;

const folder = mkdtempSync(join(tmpdir(), "sallyport-target-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

const hostKey = join(folder, "host_key");
writeFileSync(hostKey, generatePrivateKey("ed25519"), { mode: 0o600 });
const keys = join(folder, "authorized_keys");
writeFileSync(
  keys,
  `# those who may\n${parsePrivateKey(generatePrivateKey("ed25519")).publicKey.toString()} me@here\n`,
);

/** Runs the target with arguments on which it cannot start. */
function refuse(...args: readonly string[]): { status: number | null; message: string; stdout: string } {
  const { status, stderr, stdout } = spawnSync(process.execPath, [TARGET, ...args], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, message: stderr, stdout };
}

function options(changed: Readonly<Record<string, string>> = {}): string[] {
  const all = { "--port": "0", "--host-key": hostKey, "--authorized-keys": keys, ...changed };
  return Object.entries(all).flat();
}

const BAD: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
  ["no arguments", [], /^--port is missing\.\n\nnpm run target -- --port N/],
  [
    "a port that is none",
    options({ "--port": "http" }),
    /^--port must be a whole number from 0 to 65535, not "http"\./,
  ],
  [
    "a port out of range",
    options({ "--port": "65536" }),
    /^--port must be a whole number from 0 to 65535, not "65536"\./,
  ],
  ["no host key", ["--port", "0", "--authorized-keys", keys], /^--host-key is missing\./],
  ["no authorized keys", ["--port", "0", "--host-key", hostKey], /^--authorized-keys is missing\./],
  [
    "an authorized_keys file that is not there",
    options({ "--authorized-keys": `${keys}2` }),
    /authorized_keys2 cannot be read/,
  ],
  [
    "an authorized_keys file with something else in it",
    options({ "--authorized-keys": hostKey }),
    /a line that is no public key/,
  ],
  ["an unknown option", [...options(), "--colour"], /^Unknown option '--colour'/],
  [
    "a key exchange that there is not",
    options({ "--kex": "diffie-hellman-group1-sha1" }),
    /algorithms.*diffie-hellman-group1-sha1/,
  ],
  ["a CA file that is not there", options({ "--trusted-ca": `${keys}2` }), /option trusted.*authorized_keys2/],
  [
    "a CA file without a key in it",
    options({ "--trusted-ca": withContent("ca", "# none yet\n") }),
    /option trusted.*no usable public key in .*\/ca\./,
  ],
  [
    "a revocation list that is not there",
    options({ "--krl": `${keys}2` }),
    /revoked keys .*authorized_keys2 cannot be used/,
  ],
  [
    "a revocation list that is cut short",
    options({ "--krl": withContent("krl", "SSHKRL\n\0\0\0\0") }),
    /revoked keys .*\/krl cannot be used/,
  ],
  [
    "a revocation list with a line that is no key",
    options({ "--krl": withContent("lines", "# stolen\nssh-ed25519 AAAA\n") }),
    /revoked keys .*\/lines cannot be used: line 2/,
  ],
  [
    "a method that there is not",
    options({ "--methods": "publickey,hostbased" }),
    /authenticationMethods has, as list 1, one with a method that is not one of/,
  ],
  ["a directory for SFTP that is not there", options({ "--sftp-root": `${folder}/none` }), /none/],
  ["a file in place of a directory for SFTP", options({ "--sftp-readonly": keys }), /authorized_keys/],
  [
    "a host key that cannot be read",
    options({ "--host-key": `${hostKey}/key` }),
    /host_key\/key cannot be read \(ENOTDIR\)/,
  ],
  ["a host key that is a folder", options({ "--host-key": folder }), /is not a regular file/],
  [
    "a host key that is no key",
    options({ "--host-key": withContent("not_a_key", "hello\n") }),
    /not_a_key is not a usable private key/,
  ],
  [
    "a host key that is a public key",
    options({ "--host-key": withContent("public", readFileSync(keys)) }),
    /is not a usable private key/,
  ],
];

for (const [what, args, message] of BAD) {
  test(`the target does not start with ${what}, says so and ends with status 1`, () => {
    const refused = refuse(...args);
    assert.match(refused.message, message);
    assert.doesNotMatch(refused.message, /^ {4}at /m, "it is no crash");
    assert.deepEqual([refused.status, refused.stdout], [1, ""]);
  });
}

test("the target does not start with a host key that others may read, and says how to close it", () => {
  const open = withContent("open_key", readFileSync(hostKey));
  chmodSync(open, 0o644);
  const { status, message } = refuse(...options({ "--host-key": open }));
  assert.match(message, /open_key has mode 0644: other users may read it\. Close it with: chmod 600 .*open_key/);
  assert.equal(status, 1);
});

test("the target does not start on a port that is taken, and names it", async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  t.after(() => other.close());
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const { status, message } = refuse(...options({ "--port": String(port) }));
  assert.match(
    message,
    new RegExp(`cannot listen on 127\\.0\\.0\\.1 port ${port} \\(EADDRINUSE\\): another program listens there`),
  );
  assert.equal(status, 1);
});

test("a program that gives an option of the wrong type ends with status 1 and is told the name and the remedy", () => {
  const program = `import { Server } from ${JSON.stringify(INDEX)}; new Server({ allowAnyone: "yes" });`;
  const args = ["--input-type=module", "-e", program];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  assert.match(stderr, /ConfigError: The option allowAnyone must be true or false, not a string of 3 characters\./);
  assert.match(stderr, /BAD_OPTION/);
  assert.equal(status, 1);
});

test("a program that does not say who may log in does not start", () => {
  const program = `import { Server } from ${JSON.stringify(INDEX)}; await new Server({ port: 0 }).run();`;
  const args = ["--input-type=module", "-e", program];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
  assert.match(
    stderr,
    /ConfigError: Nothing says who may log in\. Add auth: .*useExternalAuth: true.*allowAnyone: true/,
  );
  assert.equal(status, 1);
});

test("the target says where it listens, makes the host key that is missing, and greets", async (t) => {
  const fresh = join(folder, "fresh", "host_key");
  const target = spawn(process.execPath, [TARGET, ...options({ "--host-key": fresh })], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  t.after(() => target.kill());
  const port = Number(/^listening on 127\.0\.0\.1 port (\d+)\n$/.exec(await firstOutput(target))?.[1]);
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  const [greeting] = (await once(socket, "data")) as [Buffer];
  assert.match(greeting.toString("latin1"), /^SSH-2\.0-Sallyport\r\n/);
  assert.equal(statSync(fresh).mode & 0o777, 0o600);
});

async function firstOutput(target: ChildProcess): Promise<string> {
  assert.ok(target.stdout);
  const [bytes] = (await once(target.stdout, "data")) as [Buffer];
  return bytes.toString();
}

function withContent(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}
