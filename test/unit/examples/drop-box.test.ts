import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { ServerCore } from "../../../src/index.ts";
import { exec, openTerminal } from "../../../src/testing/index.ts";
import { loadExample } from "./example.ts";

/** Who comes with a key, and who comes without one. */
const ADA = { username: "ada", user: { box: "SHA256:ada" } };
const BOB = { username: "bob", user: { box: "SHA256:bob" } };
const NOBODY = { username: "nobody" };

async function open(t: TestContext): Promise<{ readonly ssh: ServerCore; readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-drop-box-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { ssh: await loadExample(t, "drop-box", folder), folder };
}

/** Puts a file into somebody's box, by scp. */
async function drop(ssh: ServerCore, who: object, name: string, content: string): Promise<void> {
  const { status, stdout } = await exec(ssh, "scp -t .", {
    ...who,
    input: `C0644 ${content.length} ${name}\n${content}\0`,
  });
  assert.deepEqual([status, stdout], [0, "\0\0\0"]);
}

/** Makes a link for the first file that is shown, as a visitor of the terminal does; gives its code. */
async function linkFor(ssh: ServerCore, file: string): Promise<string> {
  await using ada = await openTerminal(ssh, { ...ADA, columns: 120 });
  await ada.waitFor("Your files");
  await ada.waitFor(file);
  ada.press("enter");
  await ada.waitFor("make a link");
  ada.press("enter");
  const [, code = ""] = await ada.waitFor(/get ([0-9a-f]{30}) > /);
  await ada.waitFor("look again");
  ada.type("leave\r");
  assert.equal(await ada.waitForExit(), 0);
  return code;
}

test("drop-box: a file goes into the box of a key, and nobody else sees it", async (t) => {
  const { ssh, folder } = await open(t);
  await drop(ssh, ADA, "photo.jpg", "pixels");
  assert.match((await exec(ssh, "list", ADA)).stdout, /photo\.jpg +6 /);
  assert.equal((await exec(ssh, "list", BOB)).stdout, "Your box is empty.\n");
  const without = await exec(ssh, "list", NOBODY);
  assert.deepEqual([without.status, without.stderr], [1, "A box belongs to a key: come with one.\n"]);
  const refused = await exec(ssh, "scp -t .", { ...NOBODY, input: "C0644 1 x\n" });
  assert.deepEqual([refused.status, refused.stdout], [1, "\x01scp: There are no files for you here\n"]);
  assert.equal(readdirSync(folder).length, 2);
});

test("drop-box: a link works once, for anybody, and its owner hears of it", async (t) => {
  const { ssh } = await open(t);
  await drop(ssh, ADA, "photo.jpg", "pixels".repeat(100_000));
  const code = await linkFor(ssh, "photo.jpg");
  await using ada = await openTerminal(ssh, { ...ADA, columns: 120 });
  await ada.waitFor("Your files");
  const first = await exec(ssh, `get ${code}`, NOBODY);
  assert.deepEqual([first.status, first.stdout], [0, "pixels".repeat(100_000)]);
  await ada.waitFor("photo.jpg has been fetched by 127.0.0.1.");
  for (const again of [code, "0".repeat(30), "", "../photo.jpg"]) {
    const { status, stdout, stderr } = await exec(ssh, `get ${again}`, NOBODY);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.equal(stderr, "There is no such link, or it has been used, or is too old.\n");
  }
});

test("drop-box: of two who come at once one gets the file", async (t) => {
  const { ssh } = await open(t);
  await drop(ssh, ADA, "photo.jpg", "pixels");
  const code = await linkFor(ssh, "photo.jpg");
  const answers = await Promise.all([1, 2, 3].map(() => exec(ssh, `get ${code}`, NOBODY)));
  assert.deepEqual(answers.map(({ stdout }) => stdout).toSorted(), ["", "", "pixels"]);
});

test("drop-box: a link runs out after a day", async (t) => {
  const { ssh } = await open(t);
  await drop(ssh, ADA, "photo.jpg", "pixels");
  const code = await linkFor(ssh, "photo.jpg");
  const now = Date.now();
  t.mock.method(Date, "now", () => now + 25 * 3_600_000);
  assert.equal((await exec(ssh, `get ${code}`, NOBODY)).status, 1);
});

test("drop-box: a file that is gone is told, and a file is not sent to a terminal", async (t) => {
  const { ssh, folder } = await open(t);
  await drop(ssh, ADA, "photo.jpg", "pixels");
  const code = await linkFor(ssh, "photo.jpg");
  await using bob = await openTerminal(ssh, { ...NOBODY, command: `get ${code}` });
  await bob.waitFor("That is a file: leave -t out");
  const [box = ""] = readdirSync(folder);
  rmSync(join(folder, box, "photo.jpg"));
  const { status, stderr } = await exec(ssh, `get ${code}`, NOBODY);
  assert.deepEqual([status, stderr], [1, "The file is not there any more.\n"]);
});

test("drop-box: names are shown so that they do nothing, on the screen or in the command that is handed on", async (t) => {
  const { ssh, folder } = await open(t);
  await exec(ssh, "list", ADA);
  const [box = ""] = readdirSync(folder);
  mkdirSync(join(folder, box, "deep"));
  writeFileSync(join(folder, box, "deep", "-x;rm $HOME\x1b[2J"), "odd");
  const { stdout } = await exec(ssh, "list", ADA);
  assert.match(stdout, /deep\/-x;rm \$HOME\\x1b\[2J +3 /);
  await using ada = await openTerminal(ssh, { ...ADA, columns: 120 });
  await ada.waitFor("deep/-x;rm $HOME\\x1b[2J");
  ada.press("enter");
  await ada.waitFor("make a link");
  ada.press("enter");
  await ada.waitFor(/get [0-9a-f]{30} > x_rm__HOME__2J/);
});

test("drop-box: a file is removed when that is confirmed", async (t) => {
  const { ssh } = await open(t);
  await drop(ssh, ADA, "photo.jpg", "pixels");
  await using ada = await openTerminal(ssh, ADA);
  await ada.waitFor("photo.jpg");
  ada.press("enter");
  await ada.waitFor("remove it");
  ada.type("remove\r");
  await ada.waitFor("Remove photo.jpg?");
  ada.type("y");
  await ada.waitFor("Your box is empty.");
});

test("drop-box: what is no command says what there is", async (t) => {
  const { ssh } = await open(t);
  const { status, stderr } = await exec(ssh, "\x1b[2J x", ADA);
  assert.deepEqual([status, stderr], [127, "There is no \\x1b[2J here, but: list, and get CODE.\n"]);
});
