import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { Failure, UsageError } from "../../../../src/cli/verb.ts";
import { FakeConsole } from "../fake-console.ts";
import { folder, KEY, Operator, RSA_KEY } from "./store.ts";

const PASSWORD = "correct horse";

describe("user add", () => {
  test("asks for the password twice, hidden, and keeps a hash of it", async () => {
    const operator = new Operator();
    const asked = await operator.ask(["add", "Ada"], new FakeConsole([PASSWORD, PASSWORD]));
    assert.deepEqual(asked.questions, ["New password: (hidden)", "Once more: (hidden)"]);
    assert.deepEqual(asked.lines, ["Ada was added."]);
    assert.equal(await operator.look((accounts) => accounts.verifyPassword("ada", PASSWORD)), true);
    assert.equal(readFileSync(operator.file).includes(PASSWORD), false);
  });

  test("reads the password once from a pipe", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada"], [PASSWORD], false);
    assert.equal(await operator.look((accounts) => accounts.verifyPassword("ada", PASSWORD)), true);
  });

  test("adds nobody when the passwords differ, or there is none, or it is too short", async () => {
    const operator = new Operator();
    await assert.rejects(operator.run(["add", "ada"], [PASSWORD, "another"]), { name: "Failure", message: /differ/ });
    await assert.rejects(operator.run(["add", "ada"], [""]), { name: "Failure", message: /empty.*--no-password/ });
    await assert.rejects(operator.run(["add", "ada"], [], false), Failure);
    await assert.rejects(operator.run(["add", "ada"], ["short", "short"]), { code: "BAD_VALUE" });
    assert.equal(await operator.look((accounts) => accounts.get("ada")), undefined);
  });

  test("asks for no password when there are keys, unless it is told to", async () => {
    const operator = new Operator();
    const args = ["add", "ada", "--key", KEY.file, "--key", RSA_KEY.file, "--permission", "a.*", "--role", "staff"];
    const asked = await operator.ask(args, new FakeConsole());
    assert.deepEqual(asked.questions, []);
    const ada = await operator.look((accounts) => accounts.get("ada"));
    assert.deepEqual(
      ada?.keys.map(({ fingerprint }) => fingerprint),
      [KEY.fingerprint, RSA_KEY.fingerprint],
    );
    assert.deepEqual([ada?.hasPassword, ada?.permissions, ada?.roles], [false, ["a.*"], ["staff"]]);
    await operator.run(["add", "bob", "--no-password"]);
    assert.equal((await operator.look((accounts) => accounts.get("bob")))?.hasPassword, false);
    await assert.rejects(operator.run(["add", "eve", "--key", KEY.file]), { code: "KEY_TAKEN" });
    await operator.run(["add", "eve", "--password", "--permission", "*"], [PASSWORD, PASSWORD]);
    assert.equal((await operator.look((accounts) => accounts.get("eve")))?.hasPassword, true);
  });

  test("asks for no password for a name that is taken", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    const console = new FakeConsole([PASSWORD, PASSWORD]);
    await assert.rejects(operator.ask(["add", "ADA"], console), { code: "EXISTS" });
    assert.deepEqual(console.questions, []);
  });

  for (const name of ["", "-", "two words", "\x1b[2J", "../ada", "a".repeat(33), "аdа"]) {
    test(`refuses the name ${JSON.stringify(name)}`, async () => {
      const console = new FakeConsole([PASSWORD, PASSWORD]);
      await assert.rejects(new Operator().ask(["add", "--", name], console), { code: "BAD_NAME" });
      assert.deepEqual(console.questions, [], "before the password is asked for");
    });
  }

  test("takes wider names when it is told that the app does", async () => {
    const operator = new Operator();
    await operator.run(["add", "Юля", "--no-password", "--names", "unicode"]);
    assert.match((await operator.run(["list", "--names", "unicode"])).join("\n"), /Юля/);
  });
});

describe("user passwd", () => {
  test("changes the password, and ends sessions by it unless told otherwise", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada"], [PASSWORD, PASSWORD]);
    const epoch = async (): Promise<unknown> =>
      (JSON.parse((await operator.run(["export"])).join("")) as { epoch: number }[])[0]?.epoch;
    const before = await epoch();
    await operator.run(["passwd", "ada"], ["battery staple", "battery staple"]);
    assert.equal(await operator.look((accounts) => accounts.verifyPassword("ada", "battery staple")), true);
    const after = await epoch();
    assert.notEqual(after, before);
    await operator.run(["passwd", "ada", "--keep-sessions"], [PASSWORD, PASSWORD]);
    assert.equal(await epoch(), after);
    await operator.run(["passwd", "ada", "--remove"]);
    assert.equal((await operator.look((accounts) => accounts.get("ada")))?.hasPassword, false);
  });

  test("asks nothing about an account that there is not", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    const console = new FakeConsole([PASSWORD, PASSWORD]);
    await assert.rejects(operator.ask(["passwd", "bob"], console), { code: "NO_ACCOUNT" });
    assert.deepEqual(console.questions, []);
  });
});

describe("user key", () => {
  test("adds keys of a file, lists and removes them", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    assert.deepEqual(await operator.run(["key", "add", "ada", KEY.file]), [
      `${KEY.fingerprint}  ssh-ed25519  ed25519@example`,
    ]);
    assert.deepEqual(await operator.run(["key", "add", "ada", KEY.file]), ["1 that was there already"]);
    await operator.run(["key", "add", "ada", RSA_KEY.file]);
    const [first, second] = await operator.run(["key", "list", "ada"]);
    assert.ok(first?.startsWith(KEY.fingerprint) && second?.startsWith(RSA_KEY.fingerprint));
    const listed = JSON.parse((await operator.run(["key", "list", "ada", "--json"])).join("")) as { type: string }[];
    assert.deepEqual(
      listed.map(({ type }) => type),
      ["ssh-ed25519", "ssh-rsa"],
    );
    await operator.run(["key", "remove", "ada", KEY.fingerprint]);
    assert.equal((await operator.run(["key", "list", "ada"])).length, 1);
    await assert.rejects(operator.run(["key", "remove", "ada", KEY.fingerprint]), {
      message: /no such key.*key list ada/,
    });
    await assert.rejects(operator.run(["key", "remove", "ada", "nonsense"]), { code: "BAD_VALUE" });
  });

  test("reads a list from a pipe, as GitHub gives it, and a line from a terminal", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    const [one, two] = [KEY, RSA_KEY].map(({ file }) => readFileSync(file, "utf8").trim());
    assert.equal((await operator.run(["key", "add", "ada"], ["# keys", one!, two!, ""], false)).length, 2);
    await operator.run(["add", "bob", "--no-password"]);
    await assert.rejects(operator.run(["key", "add", "bob"], [one!]), { code: "KEY_TAKEN" });
    await operator.run(["key", "remove", "ada", KEY.fingerprint]);
    const asked = await operator.ask(["key", "add", "bob"], new FakeConsole([one!]));
    assert.deepEqual(asked.questions, ["Public key, as in a .pub file: "]);
    assert.equal(asked.lines.length, 1);
  });

  test("says which lines cannot be used, and adds the others", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    const lines = ["ssh-ed25519 AAAA", readFileSync(KEY.file, "utf8").trim(), "hello"];
    await assert.rejects(operator.run(["key", "add", "ada"], lines, false), { message: /line 1: .*; line 3: / });
    assert.equal((await operator.run(["key", "list", "ada"])).length, 1);
  });

  test("takes no private key, no file that there is not, and nothing for a key", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    const secret = KEY.file.replace(".pub", ".key");
    await assert.rejects(operator.run(["key", "add", "ada", secret]), { message: /private key.*\.pub/ });
    await assert.rejects(operator.run(["key", "add", "ada", "/nowhere/key.pub"]), {
      message: /cannot be read \(ENOENT\)/,
    });
    await assert.rejects(operator.run(["key", "add", "ada"], [], false), { message: /no key in it/ });
  });

  test("shows what somebody wrote into a comment, and does nothing of it", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    const [type, key] = readFileSync(KEY.file, "utf8").split(" ");
    await operator.run(["key", "add", "ada"], [`${type} ${key} ada\u202e@laptop`], false);
    for (const args of [["key", "list", "ada"], ["key", "list", "ada", "--json"], ["show", "ada"], ["export"]]) {
      assert.match((await operator.run(args)).join("\n"), /ada\\u202e@laptop/);
    }
  });
});

test("user grant and user revoke change permissions and roles", async () => {
  const operator = new Operator();
  await operator.run(["add", "ada", "--no-password"]);
  assert.deepEqual(await operator.run(["grant", "ada", "orders.*", "wall", "wall"]), [
    "permissions: orders.* wall",
    "roles: none",
  ]);
  assert.deepEqual(await operator.run(["grant", "ada", "--role", "staff"]), [
    "permissions: orders.* wall",
    "roles: staff",
  ]);
  assert.deepEqual(await operator.run(["revoke", "ada", "wall", "never.given"]), [
    "permissions: orders.*",
    "roles: staff",
  ]);
  assert.deepEqual(await operator.run(["revoke", "ada", "staff", "--role"]), ["permissions: orders.*", "roles: none"]);
  await assert.rejects(operator.run(["grant", "ada", "two words"]), { code: "BAD_VALUE" });
  await assert.rejects(operator.run(["grant", "bob", "wall"]), { code: "NO_ACCOUNT" });
});

test("user set changes any setting, and nothing behind the equals sign takes it back", async () => {
  const operator = new Operator();
  await operator.run(["add", "ada", "--no-password"]);
  const settings = ["sudo=true", "prompt=ada> ", 'banner="12"', "expires=2027-01-01", "idleTimeout=60", "echo=false"];
  const objects = ['files={"allowed":true,"readOnly":true}', 'limits={"sessions":2}'];
  await operator.run(["set", "ada", ...settings, ...objects]);
  const ada = await operator.look((accounts) => accounts.get("ada"));
  assert.deepEqual([ada?.sudo, ada?.prompt, ada?.banner, ada?.idleTimeout], [true, "ada> ", "12", 60]);
  assert.deepEqual([ada?.expires, ada?.echo, ada?.limits], [Date.UTC(2027, 0), false, { sessions: 2 }]);
  assert.deepEqual(await operator.run(["set", "ada", `expires=${Date.UTC(2028, 1, 29)}`]), [
    "expires: changed. It expires 2028-02-29T00:00:00.000Z.",
  ]);
  await operator.run(["set", "ada", "prompt=", "sudo=", "expires="]);
  const after = await operator.look((accounts) => accounts.get("ada"));
  assert.deepEqual([after?.prompt, after?.sudo, after?.expires], [undefined, false, undefined]);
  for (const setting of ["sudo=maybe", "colour=red", "banner=12", "name=eve", "password=x", "__proto__={}"]) {
    await assert.rejects(operator.run(["set", "ada", setting]), { code: "BAD_VALUE" }, setting);
  }
  for (const setting of ["sudo", "=true", "expires=soon", "expires=2027", "expires=20270101", "expires=1798761600"]) {
    await assert.rejects(operator.run(["set", "ada", setting]), UsageError, setting);
  }
});

test("user disable, enable, rename and remove do what they say", async () => {
  const operator = new Operator();
  await operator.run(["add", "Ada", "--no-password"]);
  const state = async (): Promise<string | undefined> => (await operator.run(["show", "ada"]))[1];
  assert.deepEqual(await operator.run(["disable", "ada"]), ["Ada is disabled."]);
  assert.match((await state())!, /^state +disabled$/);
  assert.deepEqual(await operator.run(["enable", "ada"]), ["Ada is enabled."]);
  assert.match((await state())!, /^state +enabled$/);
  await operator.run(["set", "ada", "expires=2020-01-01"]);
  assert.match((await state())!, /^state +expired$/);
  assert.deepEqual(await operator.run(["rename", "ada", "Countess"]), ["ada is Countess now."]);
  assert.deepEqual(await operator.run(["remove", "countess"]), ["Countess was removed."]);
  for (const args of [
    ["disable", "ada"],
    ["enable", "ada"],
    ["rename", "ada", "eve"],
    ["remove", "ada"],
    ["show", "ada"],
  ]) {
    await assert.rejects(operator.run(args), { code: "NO_ACCOUNT" }, args[0]);
  }
});

test("user list and user show tell what there is, as a table and as JSON, without secrets", async () => {
  const operator = new Operator();
  assert.deepEqual((await operator.run(["add", "bob", "--key", KEY.file])).length, 1);
  await operator.run(["add", "Ada", "--permission", "a.b", "--role", "staff"], [PASSWORD, PASSWORD]);
  await operator.run(["set", "ada", "sudo=true"]);
  assert.deepEqual(await operator.run(["list"]), [
    "NAME  STATE    LOGS IN BY  MAY",
    "Ada   enabled  password    a.b role:staff sudo",
    "bob   enabled  1 key       -",
  ]);
  assert.match((await operator.run(["list", "--logins"]))[1]!, /never$/);
  const all = JSON.parse((await operator.run(["list", "--json"])).join("")) as { name: string; hasPassword: boolean }[];
  assert.deepEqual(
    all.map(({ name, hasPassword }) => [name, hasPassword]),
    [
      ["Ada", true],
      ["bob", false],
    ],
  );
  for (const args of [
    ["list", "--json"],
    ["show", "ada"],
    ["show", "ada", "--json"],
    ["list", "--logins", "--json"],
  ]) {
    assert.doesNotMatch((await operator.run(args)).join("\n"), /argon2|scrypt|"password"/);
  }
  const shown = (await operator.run(["show", "bob"])).join("\n");
  assert.ok(shown.includes(` ${KEY.fingerprint} ed25519@example\n`), shown);
  assert.match(shown, /^created +20\d\d-\d\d-\d\d \d\d:\d\d UTC$/m);
});

describe("user totp", () => {
  test("sets up codes when one is right, and prints recovery codes", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada"], [PASSWORD, PASSWORD]);
    const console = new FakeConsole();
    const { TOTP } = await import("otpauth");
    // The app shows a code once it has the secret.
    console.ask = () => {
      const secret = console.lines.find((line) => line.startsWith("or by hand: "))!.slice("or by hand: ".length);
      return Promise.resolve(new TOTP({ secret }).generate());
    };
    await operator.ask(["totp", "ada"], console);
    assert.match(console.lines[0]!, /^For the app: otpauth:\/\/totp\//);
    assert.equal(console.lines.length, 3 + 10);
    const ada = await operator.look((accounts) => accounts.get("ada"));
    assert.deepEqual([ada?.hasTotp, ada?.recoveryCodes], [true, 10]);
    assert.match((await operator.run(["show", "ada"])).join("\n"), /^recovery codes +10$/m);
    assert.equal((await operator.run(["totp", "ada", "--recovery"])).length, 10);
    await operator.run(["totp", "ada", "--remove"]);
    assert.equal((await operator.look((accounts) => accounts.get("ada")))?.hasTotp, false);
  });

  test("sets up nothing when the code is wrong", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    await assert.rejects(operator.run(["totp", "ada"], ["123"]), { name: "Failure", message: /code is wrong/ });
    assert.equal((await operator.look((accounts) => accounts.get("ada")))?.hasTotp, false);
  });
});

describe("user export and user import", () => {
  test("carry all accounts to another store, with what they log in by", async () => {
    const [from, to] = [new Operator(), new Operator()];
    await from.run(["add", "Ada", "--key", KEY.file, "--password"], [PASSWORD, PASSWORD]);
    await from.run(["add", "bob", "--no-password", "--permission", "a.b"]);
    const file = join(folder, "accounts.json");
    assert.deepEqual(await from.run(["export", file]), [`2 accounts, with their secrets: ${file}`]);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await assert.rejects(from.run(["export", file]), { message: /exists: choose another/ });
    assert.deepEqual(await to.run(["import", file]), ["added: 2, replaced: 0, left as they are: 0"]);
    assert.equal(await to.look((accounts) => accounts.verifyPassword("ada", PASSWORD)), true);
    assert.equal((await to.look((accounts) => accounts.findByKey(KEY.fingerprint)))?.name, "Ada");
    assert.deepEqual(await to.run(["list"]), await from.run(["list"]));
    // Through a pipe, over what is there.
    await to.run(["grant", "bob", "c.d"]);
    const text = await from.run(["export"]);
    assert.deepEqual(await to.run(["import"], text, false), ["added: 0, replaced: 0, left as they are: 2"]);
    assert.deepEqual(await to.run(["import", "--replace"], text, false), [
      "added: 0, replaced: 2, left as they are: 0",
    ]);
    assert.deepEqual((await to.look((accounts) => accounts.get("bob")))?.permissions, ["a.b"]);
  });

  test("take in nothing of what is broken, and quote nothing of it", async () => {
    const operator = new Operator();
    await operator.run(["add", "ada", "--no-password"]);
    const good = (await operator.run(["export"])).join("\n");
    for (const text of ["", "s3cret", '{"s3cret": 1}', `${good.slice(0, -1)}, {"name": "s3cret"}]`, '["s3cret"]']) {
      await assert.rejects(operator.run(["import", "--replace"], [text], false), (error) => {
        assert.ok(error instanceof Error);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      });
    }
    assert.equal((await operator.look((accounts) => accounts.get("ada")))?.revision, 1);
  });
});

describe("user refuses", () => {
  for (const [what, args, message] of [
    ["no verb", [], /a verb is missing/],
    ["options in front of the verb", ["--json", "list"], /a verb is missing: options stand behind it\./],
    ["half a verb", ["key"], /something is missing behind key\./],
    ["a verb that there is not", ["frobnicate"], /no verb "frobnicate"/],
    ["a verb that objects have by birth", ["constructor"], /no verb "constructor"/],
    ["a wrong half", ["key", "frobnicate"], /no verb "key frobnicate"/],
    ["a verb without its name", ["add"], /NAME is missing/],
    ["a permission that is missing", ["grant", "ada"], /PERMISSION is missing/],
    ["a password for everybody to see", ["passwd", "ada", "hunter2"], /never an argument/],
    ["such a one behind an option", ["add", "ada", "--password=hunter2"], /--password/],
    ["an option of another verb", ["list", "--role", "x"], /--role/],
    ["a rule for names that there is not", ["list", "--names", "any"], /ascii or unicode/],
    ["a schema for a file", ["list", "--schema", "x"], /--schema is for PostgreSQL/],
  ] as const) {
    test(`${what} (user ${args.join(" ")})`, async () => {
      await assert.rejects(new Operator().run(args), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    });
  }

  for (const url of [
    "postgres://ada:s3cret@db/app",
    "postgresql://ada:@s3cret@db/app",
    "postgres://ada@db/app?password=s3cret",
    "postgres://ada@db/app?sslmode=verify-full&Password=s3cret",
  ]) {
    test(`a URL with a password among the arguments (${url})`, async () => {
      const { user } = await import("../../../../src/cli/user.ts");
      await assert.rejects(user.run(["list", "--store", url], new FakeConsole()), (error) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /PGPASSWORD.*SALLYPORT_STORE/);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      });
    });
  }

  test("to look into a store that there is not, which it does not make", async () => {
    const operator = new Operator();
    for (const args of [["list"], ["show", "ada"], ["passwd", "ada"], ["export"]]) {
      await assert.rejects(operator.run(args), {
        name: "Failure",
        message: /no accounts at .*--store or SALLYPORT_STORE/,
      });
    }
    assert.equal(existsSync(operator.file), false);
  });

  test("a file that is no store", async () => {
    const operator = new Operator();
    writeFileSync(operator.file, "hello world ".repeat(100));
    await assert.rejects(operator.run(["list"]), { code: "STORE_CORRUPT" });
  });
});
