import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exec } from "../../../../src/testing/index.ts";
import { makeCodeFolder } from "../../code-folder.ts";
import { saying } from "../modules/stage.ts";
import { makeSystem } from "./stage.ts";

describe("passwd", () => {
  test("changes one's own password for who knows the one of now, and keeps his session", async (t) => {
    const { accounts, visit } = await makeSystem(t);
    await accounts.add("alice", { password: "old password" });
    await using alice = await visit();
    alice.type("passwd\r");
    await alice.waitFor("Current password:");
    alice.type("old password\r");
    await alice.waitFor("New password:");
    alice.type("new password\r");
    await alice.waitFor("Once more:");
    alice.type("new password\r");
    await alice.waitFor("Your password has been changed.");
    assert.equal(accounts.all.get("alice")?.password, "new password");
    assert.deepEqual(accounts.set, ["alice, one is kept"]);
    assert.doesNotMatch(alice.output, /new password/);
  });

  test("changes nothing when the two differ, or the new one is refused", async (t) => {
    const { accounts, visit, server } = await makeSystem(t);
    await accounts.add("alice", { password: "old password" });
    await using alice = await visit();
    alice.type("passwd\r");
    await alice.waitFor("Current password:");
    alice.type("old password\rone password\ranother password\r");
    await alice.waitFor("The two differ: nothing was changed.");
    assert.deepEqual(accounts.set, []);
    accounts.setPassword = () => Promise.reject(Object.assign(new Error("It is too short."), { name: "AccountError" }));
    const { status, stderr } = await exec(server, "passwd", { input: "old password\nshort\n" });
    assert.equal(status, 1);
    assert.match(stderr, /It is too short\./);
  });

  test("lets nobody guess: after three wrong ones in any session he has to wait", async (t) => {
    const { accounts, server } = await makeSystem(t);
    await accounts.add("alice", { password: "old password" });
    for (const _ of [1, 2, 3]) {
      const { status, stderr } = await exec(server, "passwd", { input: "guess\nnew password\n" });
      assert.equal(status, 1);
      assert.match(stderr, /That is not your password/);
    }
    const { stderr } = await exec(server, "passwd", { input: "old password\nnew password\n" });
    assert.match(stderr, /Too many wrong passwords: try again in \d+ seconds/);
    assert.deepEqual(accounts.set, []);
  });

  test("sets the first password of who has none, and says so to who has no account", async (t) => {
    const { accounts, server } = await makeSystem(t);
    await accounts.add("alice", {});
    assert.equal((await exec(server, "passwd", { input: "new password\n" })).status, 0);
    assert.equal(accounts.all.get("alice")?.password, "new password");
    const { status, stderr } = await exec(server, "passwd", { username: "bob", input: "x\n" });
    assert.deepEqual([status, stderr], [1, "You have no account here.\n"]);
  });

  test("is not for who came in otherwise under the name of an account", async (t) => {
    const { accounts, server } = await makeSystem(t);
    await accounts.add("alice", {});
    accounts.accountOf = async () => undefined;
    const { status, stderr } = await exec(server, "passwd", { input: "new password\n" });
    assert.deepEqual([status, stderr], [1, "You have no account here.\n"]);
    assert.deepEqual(accounts.set, []);
    accounts.accountOf = async () => ({ name: "alice" });
    await exec(server, "passwd", { username: "guest", input: "new password\n" });
    assert.deepEqual(accounts.set, ["alice, one is kept"]);
  });

  test("is about the account that a session has, whatever it logged in as", async (t) => {
    const { accounts, server } = await makeSystem(t, { nameOf: () => "alice" });
    await accounts.add("alice", {});
    await exec(server, "passwd", { username: "guest", input: "new password\n" });
    assert.deepEqual(accounts.set, ["alice, one is kept"]);
  });
});

describe("account", () => {
  test("adds, shows, changes and removes accounts, for who may", async (t) => {
    const { accounts, visit } = await makeSystem(t);
    await using root = await visit("root", { columns: 100, rows: 40 });
    root.type("account add alice -p orders.read -r clerk\r");
    await root.waitFor("New password:");
    root.type("long enough\rlong enough\r");
    await root.waitFor("alice is added.");
    assert.equal(await root.run("account add bob --no-password"), "bob is added.");
    assert.equal(await root.run("account key add bob ssh-ed25519 AAAA bob@home"), "bob may log in by SHA256:abc.");
    assert.match(
      await root.run("account list"),
      /name +roles +permissions +logs in by +state\n.*\nalice +clerk +orders\.read +password +active\nbob +1 key +active$/,
    );
    assert.equal(await root.run("account grant alice orders.* 'wall.*'"), "alice may orders.*, wall.*.");
    assert.equal(await root.run("account revoke alice orders.read"), "alice has no orders.read.");
    assert.equal(await root.run("account disable bob"), "bob is disabled.");
    const shown = await root.run("account show alice");
    for (const line of [/name +alice/, /created +2026-11-26 04:53/, /permissions +orders\.\*, wall\.\*/]) {
      assert.match(shown, line);
    }
    assert.match(shown, /last login +2026-11-25 12:00 from 192\.0\.2\.7 by password/);
    assert.match(
      await root.run("account show bob"),
      /state +disabled[^]*last login +never\nkey +ssh-ed25519 SHA256:abc/,
    );
    assert.equal(await root.run("account enable bob"), "bob is enabled.");
    assert.match(await root.run("account key list bob"), /ssh-ed25519 +SHA256:abc +bob@home/);
    assert.equal(await root.run("account key remove bob SHA256:abc"), "It is removed.");
    assert.equal(await root.run("account key remove bob SHA256:abc"), "The account has no such key.");
    assert.equal(await root.run("account key list bob"), "It has no keys.");
    assert.equal(await root.run("account rename bob robert"), "bob is robert now.");
    root.type("account remove robert\r");
    await root.waitFor("Remove robert with its keys and history?");
    root.press("n");
    await root.waitFor(/> $/);
    assert.equal(accounts.all.has("robert"), true);
    assert.equal(await root.run("account remove -y robert"), "robert is removed.");
    assert.equal(await root.run("account remove -y robert"), "There is no account robert.");
    root.type("account passwd alice\r");
    await root.waitFor("New password:");
    root.type("another one\ranother one\r");
    await root.waitFor("alice has another password.");
    assert.equal(accounts.all.get("alice")?.password, "another one");
  });

  test("sets roles, sudo and the last day, and takes away the codes of an app that is lost", async (t) => {
    const { accounts, server } = await makeSystem(t);
    await accounts.add("alice", { roles: ["clerk"] });
    await accounts.update("alice", { hasTotp: true });
    const run = async (line: string): Promise<string> => {
      const { stdout, stderr } = await exec(server, `account ${line}`, { username: "root" });
      return (stdout + stderr).trim();
    };
    assert.equal(await run("roles alice clerk cook"), "The roles of alice: clerk, cook.");
    assert.deepEqual(accounts.all.get("alice")?.roles, ["clerk", "cook"]);
    assert.equal(await run("roles alice"), "The roles of alice: none.");
    assert.equal(await run("sudo alice yes"), "alice may use sudo.");
    assert.equal(accounts.all.get("alice")?.sudo, true);
    assert.equal(await run("sudo alice no"), "alice may not use sudo.");
    assert.match(await run("sudo alice perhaps"), /one of yes, no/);
    assert.equal(await run("expire alice 2099-01-31"), "alice is good until 2099-01-31 00:00.");
    assert.match(await run("show alice"), /state +until 2099-01-31 00:00/);
    assert.equal(await run("expire alice 2020-02-29"), "alice is good until 2020-02-29 00:00.");
    assert.match(await run("list"), /alice .* expired/);
    assert.equal(await run("expire alice never"), "alice is good for ever.");
    assert.match(await run("show alice"), /state +active/);
    for (const day of ["2027-02-29", "2027-13-01", "tomorrow", "2027-1-1"]) {
      assert.match(await run(`expire alice ${day}`), /a day such as 2027-01-31, or never/);
    }
    assert.equal(await run("nocode alice"), "alice is not asked for a code any more.");
    assert.equal(accounts.all.get("alice")?.hasTotp, false);
    assert.equal(await run("roles nobody x"), "There is no account nobody.");
  });

  test("takes the line of a key as it stands in a file, with its quotes", async (t) => {
    const { accounts, server } = await makeSystem(t);
    await accounts.add("bob", {});
    const added: string[] = [];
    accounts.addKey = async (_name, line) => {
      added.push(line);
      return { type: "ssh-ed25519", fingerprint: "SHA256:abc", comment: "" };
    };
    const lines = [`from="10.0.0.0/8",command="ls -l" ssh-ed25519 AAAA ada's laptop`, "ssh-ed25519 AAAA | --less"];
    for (const line of lines) {
      const { status } = await exec(server, `account key add bob ${line}`, { username: "root" });
      assert.equal(status, 0);
    }
    assert.deepEqual(added, lines);
    assert.equal((await exec(server, "account key add bob", { username: "root" })).status, 2);
  });

  test("says what cannot be done, and throws what is a fault", async (t) => {
    const { accounts, server } = await makeSystem(t);
    const as = { username: "root" };
    const missing = await exec(server, "account grant nobody x", as);
    assert.deepEqual([missing.status, missing.stderr], [1, "There is no account nobody.\n"]);
    assert.equal((await exec(server, "account show nobody", as)).stderr, "There is no account nobody.\n");
    assert.equal((await exec(server, "account key list nobody", as)).stderr, "There is no account nobody.\n");
    assert.equal((await exec(server, "account grant alice", as)).status, 2);
    const wicked = await exec(server, "account enable 'a\x1b[2J'", as);
    assert.equal(wicked.stderr, "There is no account a\\x1b[2J.\n");
    accounts.disable = () => Promise.reject(new Error("a fault with secrets"));
    const fault = await exec(server, "account disable alice", as);
    assert.deepEqual([fault.status, fault.stderr], [1, "Something went wrong.\n"]);
  });

  test("is not there for others", async (t) => {
    const { server } = await makeSystem(t);
    for (const line of ["account", "account list", "account key add alice x"]) {
      const { status, stderr } = await exec(server, line);
      assert.equal(status, 127);
      assert.match(stderr, /There is no command "account"/);
    }
  });

  test("completes names by Tab", async (t) => {
    const { accounts, visit } = await makeSystem(t);
    await accounts.add("alexandra", {});
    await using root = await visit("root");
    root.type("account sh\tal\t\r");
    await root.waitFor(/name +alexandra/);
  });
});

describe("modules", () => {
  test("are listed, reloaded, disabled and enabled by who may, and nobody saws off the branch", async (t) => {
    const { modules, visit } = await makeSystem(t);
    const { write } = makeCodeFolder(t);
    await modules.load(write("greeter.ts", saying("first")));
    await using root = await visit("root", { columns: 120, rows: 40 });
    assert.match(
      await root.run("modules list"),
      /module +status +version +since +commands +about\n.*\nsystem +enabled +1 +\d\d:\d\d +whoami, who,[^]*\ngreeter +enabled +1 +\d\d:\d\d +hello/,
    );
    write("greeter.ts", saying("second"));
    assert.equal(await root.run("modules reload greeter"), "greeter is loaded again; version 2.");
    assert.equal(await root.run("hello"), "second");
    assert.equal(await root.run("modules reload"), "Nothing has changed.");
    write("greeter.ts", saying("third"));
    assert.equal(await root.run("modules reload"), "greeter is reloaded.");
    root.type("modules dis\tgr\t\r");
    await root.waitFor("greeter is disabled.");
    assert.match(await root.run("hello"), /There is no command/);
    assert.equal(await root.run("modules reload greeter"), "greeter is loaded again, and is disabled; version 3.");
    assert.equal(await root.run("modules enable greeter"), "greeter is enabled.");
    assert.equal(await root.run("hello"), "third");
    for (const verb of ["disable", "unload"]) {
      assert.match(await root.run(`modules ${verb} system`), /system has the commands to undo this: it stays/);
    }
    assert.equal(await root.run("modules unload greeter"), "greeter is unloaded.");
    assert.match(await root.run("modules reload greeter"), /There is no module "greeter"; there is system/);
  });

  test("that cannot be reloaded are told with file and line, and stay", async (t) => {
    const { modules, server } = await makeSystem(t);
    const { write } = makeCodeFolder(t);
    const file = write("greeter.ts", saying("first"));
    await modules.load(file);
    write("greeter.ts", "export default {\n  name: ,\n};");
    for (const line of ["modules reload greeter", "modules reload"]) {
      const { status, stderr } = await exec(server, line, { username: "root" });
      assert.equal(status, 1);
      assert.equal(stderr, `${file}:2: Expression expected\n`);
    }
    const { stdout } = await exec(server, "modules list", { username: "root" });
    assert.match(stdout, /greeter +enabled, reload failed +1 .*greeter\.ts:2: Expression expected/);
    assert.equal((await exec(server, "hello")).stdout, "first\n");
    assert.equal((await exec(server, "modules list")).status, 127);
  });
});
