import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { AccountError, sqliteStore } from "../../../../src/accounts/index.ts";
import { ConfigError } from "../../../../src/index.ts";
import { fails, row } from "../../../conformance/account-store.ts";
import { makeFolder } from "../folder.ts";

const folder = makeFolder();
let count = 0;
const newPath = (): string => join(folder, `store-${count++}.sqlite`);
const SOURCE = new URL("../../../../src/accounts/index.ts", import.meta.url).href;

/** Runs code in another process, `store` being one on the path; gives what it printed. */
function elsewhere(path: string, code: string): Promise<string> {
  const program = `
    import { sqliteStore, AccountError } from ${JSON.stringify(SOURCE)};
    const store = sqliteStore(${JSON.stringify(path)}, { patience: 60 });
    const codeOf = (doing) => doing.then(() => "done", (error) => error instanceof AccountError ? error.code : String(error));
    ${code}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    child.on("error", reject).on("close", () => resolve(out.trim()));
  });
}

test("the file and its folder are made for their owner alone, and so is what SQLite puts beside it", async () => {
  const path = join(folder, "new", "deep", "accounts.sqlite");
  const store = sqliteStore(path);
  await store.prepare();
  await store.insert(row("ada"));
  for (const name of [path, `${path}-wal`, `${path}-shm`]) assert.equal(statSync(name).mode & 0o777, 0o600, name);
  assert.equal(statSync(join(folder, "new", "deep")).mode & 0o777, 0o700);
  await store.close();
});

test("what one process wrote another reads, and finds again when it opens the file anew", async () => {
  const path = newPath();
  const [one, other] = [sqliteStore(path), sqliteStore(path)];
  await Promise.all([one.prepare(), other.prepare()]);
  await one.insert(row("ada", { fingerprints: ["SHA256:a"] }));
  assert.deepEqual(await other.get("ada"), await one.get("ada"));
  await one.close();
  await other.close();
  assert.equal((await sqliteStore(path).findByKey("SHA256:a"))?.key, "ada");
});

test("two processes write one account, and no change is lost", async () => {
  const path = newPath();
  const store = sqliteStore(path, { patience: 60 });
  await store.prepare();
  await store.insert(row("ada", { document: "0" }));
  const code = `
    for (let done = 0; done < 50; ) {
      const { revision, document } = await store.get("ada");
      const next = { key: "ada", revision: revision + 1, document: String(Number(document) + 1), fingerprints: [] };
      if (await store.replace("ada", next, revision)) done++;
    }
    console.log("done");`;
  assert.deepEqual(await Promise.all([elsewhere(path, code), elsewhere(path, code)]), ["done", "done"]);
  assert.deepEqual([(await store.get("ada"))?.document, (await store.get("ada"))?.revision], ["100", 101]);
  await store.close();
});

test("several processes make one new file at once", async () => {
  const path = join(folder, "together", "accounts.sqlite");
  const code = (name: string): string =>
    `await store.prepare(); await store.insert({ key: "${name}", revision: 1, document: "{}", fingerprints: [] }); console.log("done");`;
  assert.deepEqual(await Promise.all(["ada", "bob"].map((name) => elsewhere(path, code(name)))), ["done", "done"]);
  const store = sqliteStore(path);
  assert.deepEqual(
    (await store.list({ limit: 9 })).map(({ key }) => key),
    ["ada", "bob"],
  );
  await store.close();
});

test("a writer that never ends is waited for by a timer, and then it is said", async () => {
  const path = newPath();
  const store = sqliteStore(path, { patience: 0.1 });
  await store.prepare();
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await fails(store.insert(row("ada")), "STORE_UNAVAILABLE");
  clearInterval(timer);
  assert.ok(turns > 0, "the event loop went on meanwhile");
  assert.equal(await store.get("ada"), undefined, "who reads does not wait");
  other.exec("ROLLBACK");
  await store.insert(row("ada"));
  other.close();
  await store.close();
});

test("a file that is no database, or one of something else, or damaged, is told as it is and left as it is", async () => {
  const text = newPath();
  writeFileSync(text, "Dear diary, ".repeat(100));
  await fails(sqliteStore(text).prepare(), "STORE_CORRUPT");
  assert.equal(statSync(text).size, 1200);

  const foreign = newPath();
  const database = new DatabaseSync(foreign);
  database.exec("CREATE TABLE songs (title TEXT)");
  database.close();
  await fails(sqliteStore(foreign).prepare(), "STORE_CORRUPT");

  const damaged = newPath();
  const store = sqliteStore(damaged);
  for (let n = 0; n < 200; n++) await store.insert(row(`user-${n}`, { document: "x".repeat(500) }));
  await store.close();
  const bytes = Buffer.alloc(statSync(damaged).size - 4096, 0xa5);
  const file = openSync(damaged, "r+");
  writeSync(file, bytes, 0, bytes.length, 4096);
  closeSync(file);
  await fails(sqliteStore(damaged).list({ limit: 1000 }), "STORE_CORRUPT");
});

test("a file of a newer version is not touched", async () => {
  const path = newPath();
  const store = sqliteStore(path);
  await store.insert(row("ada"));
  await store.close();
  const database = new DatabaseSync(path);
  database.exec("UPDATE schema_version SET version = 99");
  database.close();
  await fails(sqliteStore(path).prepare(), "STORE_NEWER");
  await fails(sqliteStore(path).get("ada"), "STORE_NEWER");
});

test("a file that says no version is told as damaged", async () => {
  const path = newPath();
  const store = sqliteStore(path);
  await store.prepare();
  await store.close();
  const database = new DatabaseSync(path);
  database.exec("DELETE FROM schema_version");
  database.close();
  await fails(sqliteStore(path).prepare(), "STORE_CORRUPT");
});

test("a file that may not be written is told, by whoever may not", async () => {
  const closed = join(folder, "closed");
  mkdirSync(closed);
  const path = join(closed, "accounts.sqlite");
  const store = sqliteStore(path);
  await store.prepare();
  await store.insert(row("ada"));
  await store.close();
  chmodSync(path, 0o444);
  chmodSync(closed, 0o555);
  // Root may write everything: another user tries then.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) for (const name of [folder, closed, path]) chownSync(name, 65_534, 65_534);
  const become = isRoot ? "process.setgid(65534); process.setuid(65534); " : "";
  const code = `${become}console.log(await codeOf(store.prepare()));`;
  assert.equal(await elsewhere(path, code), "STORE_READ_ONLY");
  assert.equal(await elsewhere(join(closed, "another.sqlite"), code), "STORE_READ_ONLY");
  if (isRoot) chownSync(folder, 0, 0);
  chmodSync(closed, 0o755);
});

test("where a folder cannot be, that is told", async () => {
  const file = newPath();
  writeFileSync(file, "");
  await fails(sqliteStore(join(file, "accounts.sqlite")).prepare(), "STORE_UNAVAILABLE");
  await fails(sqliteStore(folder).prepare(), "STORE_UNAVAILABLE");
});

test("a store that is taken away while it is used is no empty one, and comes back by itself", async () => {
  const path = newPath();
  const store = sqliteStore(path);
  await store.insert(row("ada"));
  renameSync(path, `${path}.away`);
  await fails(store.get("ada"), "STORE_UNAVAILABLE");
  await fails(store.insert(row("bob")), "STORE_UNAVAILABLE");
  assert.equal(existsSync(path), false);
  renameSync(`${path}.away`, path);
  assert.equal((await store.get("ada"))?.key, "ada");
  await store.insert(row("bob"));
  await store.close();
});

test("a backup that is put in its place is read from then on", async () => {
  const path = newPath();
  const store = sqliteStore(path);
  await store.insert(row("ada"));
  await store.close();
  copyFileSync(path, `${path}.backup`);
  const again = sqliteStore(path);
  await again.insert(row("bob"));
  await again.close();
  const running = sqliteStore(path);
  assert.equal((await running.get("bob"))?.key, "bob");
  renameSync(`${path}.backup`, path);
  for (const beside of ["-wal", "-shm"])
    if (existsSync(path + beside)) renameSync(path + beside, `${path}.old${beside}`);
  assert.equal(await running.get("bob"), undefined);
  assert.equal((await running.get("ada"))?.key, "ada");
  await running.close();
});

test("a store that failed to open is tried anew at the next call", async () => {
  const path = newPath();
  writeFileSync(path, "Dear diary, ".repeat(100));
  const store = sqliteStore(path);
  await fails(store.prepare(), "STORE_CORRUPT");
  writeFileSync(path, "");
  await store.prepare();
  await store.insert(row("ada"));
  await store.close();
});

test("errors name the file and what to do, and what is in it stays in it", async () => {
  const path = newPath();
  writeFileSync(path, "A secret in no database.".repeat(100));
  const error = await sqliteStore(path)
    .prepare()
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  assert.ok(error instanceof AccountError);
  assert.match(error.message, /store-\d+\.sqlite is no database: restore it from a backup/);
  assert.doesNotMatch(error.message, /secret/);
});

test("a path that is none and a patience that is none are refused", () => {
  assert.throws(() => sqliteStore(""), ConfigError);
  assert.throws(() => sqliteStore("a\0b"), ConfigError);
  for (const patience of [-1, 601, Number.NaN]) assert.throws(() => sqliteStore("a", { patience }), ConfigError);
});

test("a folder that cannot be made is said, where Node would try for ever", async (t) => {
  if (!existsSync("/proc/self")) return t.skip("there is no /proc here");
  const path = "/proc/nowhere/at-all/accounts.sqlite";
  await fails(sqliteStore(path).prepare(), "STORE_UNAVAILABLE");
});

test("folders above a file are made, for the owner alone", async () => {
  const path = join(folder, "one", "two", "accounts.sqlite");
  const store = sqliteStore(path);
  await store.prepare();
  await store.close();
  for (const made of ["one", "one/two"]) assert.equal(statSync(join(folder, made)).mode & 0o777, 0o700);
});

test("a backup beside which the changes of the old file still lie is not used, and not spoiled by them", async () => {
  const path = newPath();
  const store = sqliteStore(path);
  await store.insert(row("ada"));
  await store.close();
  copyFileSync(path, `${path}.backup`);
  const running = sqliteStore(path);
  await running.insert(row("bob"));
  const backup = readFileSync(`${path}.backup`);
  renameSync(`${path}.backup`, path);
  for (let times = 0; times < 2; times++) {
    await fails(running.get("bob"), "STORE_UNAVAILABLE");
    await fails(running.insert(row("eve")), "STORE_UNAVAILABLE");
  }
  assert.ok(readFileSync(path).equals(backup));
  // As the message says.
  for (const beside of ["-wal", "-shm"]) rmSync(path + beside, { force: true });
  assert.equal(await running.get("bob"), undefined);
  assert.equal((await running.get("ada"))?.key, "ada");
  await running.insert(row("eve"));
  await running.close();
});
