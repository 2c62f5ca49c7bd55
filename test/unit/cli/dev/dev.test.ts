import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { dev } from "../../../../src/cli/dev.ts";
import { Failure, UsageError } from "../../../../src/cli/verb.ts";
import { Terminal, until } from "../../../interop/harness/index.ts";
import { requirePeer } from "../../../interop/peers.ts";
import { FakeConsole } from "../fake-console.ts";
import { APP, makeDevApp, saying } from "./app.ts";

function hasSsh(t: TestContext): boolean {
  return requirePeer(t, "ssh") !== undefined && requirePeer(t, "python3") !== undefined;
}

test("a module that changes is reloaded under a visitor, a broken one is shown, and comers and goers are noticed", async (t) => {
  if (!hasSsh(t)) return;
  const app = makeDevApp(t);
  app.write("app.ts", APP);
  app.write("greeting.ts", 'export const greeting = "Good morning!";');
  app.write("modules/greeter.ts", saying("first"));
  app.start("app.ts");
  await using alice = await app.visit();
  await alice.waitFor("Good morning!");
  assert.equal(await alice.run("greeter"), "first");

  app.write("modules/greeter.ts", saying("second"));
  await app.hears(/sallyport dev: reloaded greeter \(modules\/greeter\.ts\)\./);
  assert.equal(await alice.run("greeter"), "second");

  app.replace("modules/greeter.ts", `${saying("third")}const = 1;\n`);
  await app.hears(/sallyport dev: modules\/greeter\.ts:8: .*\(greeter goes on as it was\)/);
  assert.equal(await alice.run("greeter"), "second");

  app.write("modules/_text.ts", 'export const text: string = "fourth";');
  app.replace("modules/greeter.ts", `import { text } from "./_text.ts";\n${saying("").replace('""', "text")}`);
  await app.hears(/reloaded greeter/);
  assert.equal(await alice.run("greeter"), "fourth");
  app.replace("modules/_text.ts", 'export const text: string = "fifth";');
  await app.hears(/reloaded greeter/);
  assert.equal(await alice.run("greeter"), "fifth");

  app.write("modules/comer.ts", saying("here", "comer"));
  await app.hears(/loaded comer \(modules\/comer\.ts\)\./);
  assert.equal(await alice.run("comer"), "here");
  app.remove("modules/comer.ts");
  await app.hears(/unloaded comer/);
  assert.match(await alice.run("comer"), /There is no command/);
  assert.ok(alice.screen.has("Good morning!"), "it is the same session all the time");
});

test("a change of the app restarts it, what cannot be parsed does not, and after a crash it waits for a mend", async (t) => {
  if (!hasSsh(t)) return;
  const app = makeDevApp(t);
  app.write("app.ts", APP);
  app.write("greeting.ts", 'export const greeting = "one";');
  app.write("modules/greeter.ts", saying("first"));
  app.start("app.ts");
  await using alice = await app.visit();
  await alice.waitFor("one");

  app.replace("greeting.ts", "export const greeting = ;");
  await app.hears(/sallyport dev: greeting\.ts:1: .*; the app goes on as it was\./);
  assert.equal(await alice.run("greeter"), "first");

  app.replace("greeting.ts", 'export const greeting = "two";');
  await app.hears(/sallyport dev: greeting\.ts changed: restarting the app\./);
  await alice.waitFor("The app goes.");
  await alice.waitForExit();
  await using bob = await app.visit();
  await bob.waitFor("two");

  app.write("greeting.ts", 'export const greeting = "three";\nthrow new Error("not today");');
  await app.hears(/not today/);
  await app.hears(
    /sallyport dev: the app has ended \(exit status 1\); it starts again when one of its files changes\./,
  );
  app.write("greeting.ts", 'export const greeting = "four";');
  await app.hears(/sallyport dev: greeting\.ts changed: starting the app\./);
  await using carol = await app.visit();
  await carol.waitFor("four");

  // A module that breaks the start is waited for as well.
  app.write("modules/greeter.ts", "nonsense();");
  await app.hears(/modules\/greeter\.ts:1: nonsense is not defined \(greeter goes on as it was\)/);
  app.write("greeting.ts", 'export const greeting = "five";');
  await app.hears(/the app has ended/);
  app.write("modules/greeter.ts", saying("mended"));
  await using dave = await app.visit();
  await dave.waitFor("five");
  assert.equal(await dave.run("greeter"), "mended");
});

test("what a module imports from elsewhere restarts the app, and so does what both have", async (t) => {
  if (!hasSsh(t)) return;
  const app = makeDevApp(t);
  app.write("app.ts", APP);
  app.write("greeting.ts", 'export { text as greeting } from "./modules/_both.ts";');
  app.write("modules/_both.ts", 'export const text = "one";');
  app.write("elsewhere.ts", 'export const place = "here";');
  const imports = 'import { text } from "./_both.ts";\nimport { place } from "../elsewhere.ts";\n';
  app.write("modules/greeter.ts", imports + saying("").replace('""', "`${text} ${place}`"));
  app.start("app.ts");
  await using alice = await app.visit();
  assert.equal(await alice.run("greeter"), "one here");
  app.replace("elsewhere.ts", 'export const place = "there";');
  await app.hears(/sallyport dev: elsewhere\.ts changed: restarting the app/);
  await using bob = await app.visit();
  assert.equal(await bob.run("greeter"), "one there");
  app.replace("modules/_both.ts", 'export const text = "two";');
  await app.hears(/sallyport dev: modules\/_both\.ts changed: restarting the app/);
  await using carol = await app.visit();
  await carol.waitFor("two");
  assert.equal(await carol.run("greeter"), "two there");
});

test("modules that the app has closed are let be", async (t) => {
  const app = makeDevApp(t);
  const watching = 'process.on("message", () => console.log("asked to refresh"));';
  app.write("app.ts", `${APP}await modules.close();\n${watching}\nconsole.log("closed");\n`);
  app.write("greeting.ts", 'export const greeting = "one";');
  app.write("modules/greeter.ts", saying("first"));
  app.start("app.ts");
  await app.hears(/closed/);
  app.write("modules/greeter.ts", saying("second"));
  await app.hears(/asked to refresh/);
  app.write("greeting.ts", 'export const greeting = "two";');
  const [, how] = await app.hears(/changed: (restarting|starting) the app/);
  assert.equal(how, "restarting");
  await app.hears(/closed/);
});

test("options before the file are for Node, what stands behind it for the app, and a signal ends both", async (t) => {
  const app = makeDevApp(t);
  app.write("dev.env", "FROM_FILE=yes\n");
  app.write(
    "app.ts",
    `const list: string[] = process.argv.slice(2);
process.once("SIGTERM", () => { console.log("bye"); process.exit(3); });
setInterval(() => undefined, 1000);
console.log(JSON.stringify([list, process.env["FROM_FILE"]]));
`,
  );
  app.start("--env-file=dev.env", "app.ts", "--help", "x");
  await app.hears(/\[\["--help","x"\],"yes"\]/);
  const status = app.end("SIGTERM");
  await app.hears(/bye/);
  assert.equal(await status, 0);
});

test("an import that leads nowhere is waited for", async (t) => {
  const app = makeDevApp(t);
  app.write("app.ts", 'import { text } from "./later.ts";\nconsole.log(text);\n');
  app.start("app.ts");
  await app.hears(/ERR_MODULE_NOT_FOUND/);
  await app.hears(/the app has ended/);
  app.write("later.ts", 'export const text = "it has come";');
  await app.hears(/later\.ts changed: starting/);
  await app.hears(/it has come/);
  await app.hears(/the app has ended \(exit status 0\)/);
  assert.equal(await app.end("SIGINT"), 0);
});

test("Ctrl-C at a terminal lets the app close in peace, though both get it", async (t) => {
  if (requirePeer(t, "python3") === undefined) return;
  const app = makeDevApp(t);
  app.write(
    "app.ts",
    `process.once("SIGINT", () => setTimeout(() => { console.log("closed in peace"); process.exit(); }, 200));
setInterval(() => undefined, 1000);
console.log("it runs");
`,
  );
  const terminal = new Terminal(80, 24, process.execPath, app.command(app.at("app.ts")));
  t.after(() => terminal.kill());
  await terminal.sees("it runs");
  terminal.type("\x03");
  await terminal.sees("closed in peace");
  assert.equal(await terminal.ends(), 0);
});

test("an app does not outlive who runs it, whatever ends that", async (t) => {
  const app = makeDevApp(t);
  app.write("app.ts", "setInterval(() => undefined, 1000);\nconsole.log(`process ${process.pid}`);\n");
  app.start("app.ts");
  const [, pid = ""] = await app.hears(/process (\d+)/);
  await app.end("SIGKILL");
  const isThere = (): boolean => {
    try {
      return process.kill(Number(pid), 0);
    } catch {
      return false;
    }
  };
  await until("the end of the app", () => !isThere());
});

test("what is no app is refused", async () => {
  const console = new FakeConsole();
  await assert.rejects(dev.run([], console), UsageError);
  await assert.rejects(dev.run(["--inspect"], console), UsageError);
  await assert.rejects(dev.run(["nowhere.ts"], console), (error) => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, /nowhere\.ts does not exist: name the file of the app/);
    return true;
  });
  await assert.rejects(dev.run(["src"], console), Failure);
});
