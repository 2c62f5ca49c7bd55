import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { GitOptions, Push } from "../../../src/files/index.ts";
import { serveGit } from "../../../src/files/index.ts";
import { makeFolder, run, startSubject, until } from "../harness/index.ts";
import type { Finished, Subject } from "../harness/index.ts";
import { sshArguments } from "../openssh/client.ts";
import { requirePeer } from "../peers.ts";

/** Real git at both ends. */
interface Setting {
  readonly subject: Subject;
  /** Where the repositories lie. */
  readonly root: string;
  /** Where the client works. */
  readonly work: string;
  readonly url: (repository: string) => string;
  readonly git: (...args: readonly string[]) => Promise<Finished>;
  /** As `git`, and it has to work. */
  readonly ok: (...args: readonly string[]) => Promise<string>;
}

async function setUp(t: TestContext, options: Partial<GitOptions> = {}): Promise<Setting | undefined> {
  const git = requirePeer(t, "git");
  const ssh = requirePeer(t, "ssh");
  if (git === undefined || ssh === undefined) return undefined;
  const root = makeFolder();
  const work = makeFolder();
  const subject = await startSubject(t, { acceptEnv: ["GIT_PROTOCOL"] });
  serveGit(subject.server, { root, access: () => "write", create: true, ...options });
  const command = [ssh, ...sshArguments(subject).slice(0, -1)].map((word) => `'${word}'`).join(" ");
  const env = {
    HOME: work,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_SSH_COMMAND: command,
    GIT_AUTHOR_NAME: "Alice",
    GIT_AUTHOR_EMAIL: "alice@example.org",
    GIT_COMMITTER_NAME: "Alice",
    GIT_COMMITTER_EMAIL: "alice@example.org",
  };
  const call = (...args: readonly string[]): Promise<Finished> =>
    run(git, ["-c", "init.defaultBranch=main", "-C", work, ...args], { env });
  return {
    subject,
    root,
    work,
    url: (repository) => `ssh://127.0.0.1/${repository}`,
    git: call,
    ok: async (...args) => {
      const { status, stdout, stderr } = await call(...args);
      assert.equal(status, 0, `git ${args.join(" ")}: ${stderr}`);
      return stdout;
    },
  };
}

/** A repository with a few commits; gives its directory. */
async function commits({ ok, work }: Setting, count = 3, branch = "main"): Promise<string> {
  const folder = join(work, "local");
  mkdirSync(folder);
  await ok("init", "-q", "-b", branch, folder);
  for (let number = 1; number <= count; number++) {
    writeFileSync(join(folder, "file.txt"), `version ${number}\n`.repeat(100));
    await ok("-C", folder, "add", ".");
    await ok("-C", folder, "commit", "-q", "-m", `Commit ${number}`);
  }
  return folder;
}

test("git makes a repository by its first push, clones it, fetches from it and pushes to it again", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, url, root, work } = setting;
  const local = await commits(setting);
  await ok("-C", local, "push", "-q", url("team/app.git"), "main", "HEAD:refs/tags/v1");
  assert.ok(existsSync(join(root, "team", "app.git", "HEAD")));

  await ok("clone", "-q", url("team/app"), "clone");
  const clone = join(work, "clone");
  assert.equal(readFileSync(join(clone, "file.txt"), "utf8"), "version 3\n".repeat(100));
  assert.equal(await ok("-C", clone, "tag"), "v1\n");

  writeFileSync(join(clone, "other.txt"), "from the clone\n");
  await ok("-C", clone, "add", ".");
  await ok("-C", clone, "commit", "-q", "-m", "Another");
  await ok("-C", clone, "push", "-q");
  await ok("-C", local, "pull", "-q", url("team/app"), "main");
  assert.equal(readFileSync(join(local, "other.txt"), "utf8"), "from the clone\n");
  await ok("-C", clone, "push", "-q", "origin", ":refs/tags/v1");
  assert.equal(await ok("ls-remote", "--tags", url("team/app")), "");
});

test("git clones a part of the history, and a part of the objects", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, url, work } = setting;
  await ok("-C", await commits(setting, 5), "push", "-q", url("app"), "main");
  await ok("clone", "-q", "--depth", "2", url("app"), "shallow");
  const count = (clone: string) => ok("-C", join(work, clone), "rev-list", "--count", "HEAD");
  assert.equal(await count("shallow"), "2\n");
  await ok("-C", join(work, "shallow"), "fetch", "-q", "--unshallow");
  assert.equal(await count("shallow"), "5\n");
  await ok("clone", "-q", "--filter=blob:none", url("app"), "partial");
  assert.equal(await count("partial"), "5\n");
});

test("git speaks version 2 of its protocol", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, url } = setting;
  await ok("-C", await commits(setting), "push", "-q", url("app"), "main");
  await ok("-c", "protocol.version=2", "ls-remote", url("app"));
  assert.ok(setting.subject.seen.includes("env GIT_PROTOCOL=version=2"));
});

test("git clones what was pushed first where there is no main", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, url, work } = setting;
  await ok("-C", await commits(setting, 1, "trunk"), "push", "-q", url("app"), "trunk");
  await ok("clone", "-q", url("app"), "clone");
  assert.equal(await ok("-C", join(work, "clone"), "branch", "--show-current"), "trunk\n");
});

test("git gets an archive, and none where none is served", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, url } = setting;
  await ok("-C", await commits(setting), "push", "-q", url("app"), "main");
  const archive = await ok("archive", `--remote=${url("app")}`, "--format=tar", "main", "file.txt");
  assert.match(archive, /\0file\.txt\0/);

  const without = await setUp(t, { archive: false });
  const { status } = (await without?.git("archive", `--remote=${without.url("app")}`, "main")) ?? {};
  assert.notEqual(status, 0);
});

test("who may only read cannot push, who may nothing hears the same as of what is not there", async (t) => {
  const access: GitOptions["access"] = (client, repository) => {
    assert.equal(client.username, "alice");
    return ({ open: "read", secret: "none" } as const)[repository] ?? "write";
  };
  const setting = await setUp(t, { access });
  if (setting === undefined) return;
  const { ok, git, url, root } = setting;
  const local = await commits(setting);
  for (const name of ["open", "secret"]) await ok("init", "-q", "--bare", join(root, `${name}.git`));

  await ok("ls-remote", url("open"));
  const push = await git("-C", local, "push", url("open"), "main");
  assert.equal(push.status, 128);
  assert.match(push.stderr, /^git: you may read it, and not push to it$/m);

  const answers = await Promise.all(["secret", "nothing"].map((name) => git("ls-remote", url(name))));
  for (const { status, stderr } of answers) {
    assert.equal(status, 128);
    assert.match(stderr, /^git: the repository is not there, or not for you$/m);
  }
  assert.deepEqual(
    readdirSync(root)
      .filter((name) => !name.startsWith("."))
      .toSorted(),
    ["open.git", "secret.git"],
  );
});

test("a push to a repository that is not there makes none where that is not allowed", async (t) => {
  const setting = await setUp(t, { create: (_, repository) => repository.startsWith("alice/") });
  if (setting === undefined) return;
  const { ok, git, url } = setting;
  const local = await commits(setting);
  const { status, stderr } = await git("-C", local, "push", url("bob/app"), "main");
  assert.equal(status, 128);
  assert.match(stderr, /not there, or not for you/);
  await ok("-C", local, "push", "-q", url("alice/app"), "main");
});

test("a push is judged by the app with its refs before it counts, and told afterwards", async (t) => {
  const pushes: (readonly [string, Push])[] = [];
  const setting = await setUp(t, {
    beforePush(_, push) {
      pushes.push(["before", push]);
      if (push.refs.some(({ name }) => name === "refs/heads/frozen")) return "The branch is \x1b[2Jfrozen.";
      return push.refs.every(({ to }) => to !== undefined);
    },
    afterPush: (_, push) => void pushes.push(["after", push]),
  });
  if (setting === undefined) return;
  const { ok, git, url } = setting;
  const local = await commits(setting);
  const head = (await ok("-C", local, "rev-parse", "HEAD")).trim();
  await ok("-C", local, "push", "-q", url("app"), "main");
  const made = { repository: "app", refs: [{ name: "refs/heads/main", from: undefined, to: head }] };
  assert.deepEqual(pushes.splice(0), [
    ["before", made],
    ["after", made],
  ]);

  const frozen = await git("-C", local, "push", url("app"), "main:frozen");
  assert.equal(frozen.status, 1);
  assert.match(frozen.stderr, /remote: The branch is \\x1b\[2Jfrozen\./);
  const deleted = await git("-C", local, "push", url("app"), ":main");
  assert.match(deleted.stderr, /remote: The push is refused\./);
  assert.deepEqual(
    pushes.map(([when]) => when),
    ["before", "before"],
  );
  assert.equal(await ok("ls-remote", url("app"), "refs/heads/*"), `${head}\trefs/heads/main\n`);
});

test("a function of the app's that throws refuses the push, and the log has it", async (t) => {
  const setting = await setUp(t, {
    beforePush() {
      throw new Error("no database");
    },
  });
  if (setting === undefined) return;
  const { git, url, subject } = setting;
  const { status, stderr } = await git("-C", await commits(setting), "push", url("app"), "main");
  assert.equal(status, 1);
  assert.match(stderr, /remote: Something went wrong\./);
  assert.doesNotMatch(stderr, /database/);
  await until("the log", () => subject.seen.some((line) => line.includes("no database")));
});

test("the hooks of a repository do not run, and a broken object is refused", async (t) => {
  const setting = await setUp(t);
  if (setting === undefined) return;
  const { ok, git, url, root, work } = setting;
  const local = await commits(setting);
  await ok("init", "-q", "--bare", join(root, "app.git"));
  const mark = join(work, "ran");
  mkdirSync(join(root, "app.git", "hooks"), { recursive: true });
  for (const hook of ["pre-receive", "update", "post-receive", "post-update"]) {
    writeFileSync(join(root, "app.git", "hooks", hook), `#!/bin/sh\necho ${hook} >> ${mark}\n`, { mode: 0o755 });
  }
  await ok("-C", local, "push", "-q", url("app"), "main");
  assert.ok(!existsSync(mark));

  writeFileSync(
    join(work, "commit"),
    `tree ${(await ok("-C", local, "rev-parse", "HEAD^{tree}")).trim()}\nauthor x\n\nx`,
  );
  const broken = await ok("-C", local, "hash-object", "--literally", "-t", "commit", "-w", join(work, "commit"));
  const { status, stderr } = await git("-C", local, "push", url("app"), `${broken.trim()}:refs/heads/broken`);
  assert.equal(status, 1, stderr);
});

test("a push beyond the limit is refused", async (t) => {
  const setting = await setUp(t, { maxPush: 1000 });
  if (setting === undefined) return;
  const { git, url, work } = setting;
  const local = await commits(setting);
  writeFileSync(join(local, "noise"), Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * at * 31) % 251)));
  await setting.ok("-C", local, "add", ".");
  await setting.ok("-C", local, "commit", "-q", "-m", "Large");
  const { status, stderr } = await git("-C", local, "push", url("app"), "main");
  assert.notEqual(status, 0);
  assert.match(stderr, /exceeds|maximum allowed size|unpack/);
  assert.ok(work !== "");
});

const WRONG: readonly string[] = [
  "git-upload-pack '../app'",
  "git-upload-pack '/etc/../app.git'",
  "git-upload-pack 'app.git/hooks'",
  "git-upload-pack '.sallyport/hooks'",
  "git-upload-pack --timeout=1 app",
  "git-upload-pack -- --help",
  "git-upload-pack '--upload-pack=touch x'",
  "git-receive-pack app extra",
  "git-receive-pack",
  "git-receive-pack ''",
  "git-receive-pack 'a;b'",
  "git-receive-pack $(id)",
  "git-receive-pack 'app.git/'x'.git'",
  "git-receive-pack 'a.lock'",
  `git-receive-pack '${"a/".repeat(9)}b'`,
];

test("a name that leads elsewhere, an option and more than a name are refused before git is started", async (t) => {
  const setting = await setUp(t);
  const ssh = requirePeer(t, "ssh");
  if (setting === undefined || ssh === undefined) return;
  for (const command of WRONG) {
    const { status, stdout, stderr } = await run(ssh, [...sshArguments(setting.subject), command]);
    assert.deepEqual([status, stdout], [1, ""], command);
    assert.match(stderr, /^git: /, command);
  }
  assert.deepEqual(readdirSync(setting.root), []);
});

test("git ends with the session that it serves, and a place is free again", async (t) => {
  const setting = await setUp(t, { maxProcesses: 1 });
  if (setting === undefined) return;
  const { ok, git, url, subject } = setting;
  await ok("-C", await commits(setting), "push", "-q", url("app"), "main");
  const ssh = requirePeer(t, "ssh") ?? "";
  // It waits for what the client wants, and the client says nothing.
  const silent = spawn(ssh, [...sshArguments(subject), "git-upload-pack 'app'"], { stdio: ["pipe", "pipe", "ignore"] });
  t.after(() => silent.kill());
  await once(silent.stdout, "data");
  const { stderr } = await git("ls-remote", url("app"));
  assert.match(stderr, /^git: too many are served at the moment: try again$/m);
  subject.server.kickUser("alice");
  await until("the end", () => subject.server.clients.size === 0);
  let attempts = 0;
  // The process is ended as well as the session, and takes a moment for it.
  while ((await git("ls-remote", url("app"))).status !== 0) assert.ok(attempts++ < 50, "its place is free again");
});
