/** User certificates that `ssh-keygen` makes, shown by a real `ssh`. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { authorizedKeys, certificates } from "../../../src/auth/index.ts";
import type { Authenticator } from "../../../src/index.ts";
import { Authority, keyKinds, publicKey, userKeyFile } from "../harness/index.ts";
import { requirePeer } from "../peers.ts";
import { startGate } from "./gate.ts";
import type { Entry, Gate, Knock } from "./gate.ts";

interface Scene {
  readonly authority: Authority;
  readonly gate: Gate;
  /** Has alice's key certified, and knocks with the certificate. */
  readonly show: (args: readonly string[], knock?: Knock) => Promise<Entry>;
}

/** A server that trusts a CA, whose certificates are for alice unless told otherwise; undefined where a program is missing. */
async function scene(
  t: TestContext,
  { ca, auth = trusting }: { ca?: readonly string[]; auth?: (authority: Authority) => readonly Authenticator[] } = {},
): Promise<Scene | undefined> {
  const ssh = requirePeer(t, "ssh");
  const keygen = requirePeer(t, "ssh-keygen");
  if (ssh === undefined || keygen === undefined) return undefined;
  const authority = await authorityOf(keygen, ca);
  const gate = await startGate(t, ssh, auth(authority));
  return {
    authority,
    gate,
    async show(args, knock = {}) {
      const key = `${userKeyFile(knock.key ?? "ed25519")}.pub`;
      const certificate = await authority.certify(key, ["-I", "alice's", "-z", "7", ...args]);
      return gate.knock({ certificate, ...knock });
    },
  };
}

/** To make an RSA key takes long: there is one CA of a kind for all tests. */
const authorities = new Map<string, Promise<Authority>>();

function authorityOf(keygen: string, ca: readonly string[] = []): Promise<Authority> {
  const made = authorities.get(ca.join()) ?? Authority.make(keygen, ...(ca.length > 0 ? [ca] : []));
  authorities.set(ca.join(), made);
  return made;
}

function trusting({ publicFile }: Authority): readonly Authenticator[] {
  return [certificates({ trusted: { file: publicFile } })];
}

const ALICE = ["-n", "alice"];

/** What certificates say, and whether they let alice in or why not. */
const CASES: readonly (readonly [what: string, args: readonly string[], why: RegExp | undefined])[] = [
  ["for the user", ALICE, undefined],
  ["for the user among others", ["-n", "root,alice,bob"], undefined],
  ["for somebody else", ["-n", "bob"], /it is not for this user$/],
  ["for a user whose name is written otherwise", ["-n", "Alice"], /it is not for this user$/],
  ["for a user whose name begins so", ["-n", "alice2"], /it is not for this user$/],
  ["without principals", [], /it is not for this user$/],

  ["in force", [...ALICE, "-V", "-1h:+1h"], undefined],
  ["in force for ever", [...ALICE, "-V", "always:forever"], undefined],
  ["that has expired", [...ALICE, "-V", "20200101:20210101"], /it has expired$/],
  ["that is not in force yet", [...ALICE, "-V", "+1d:+2d"], /it is not in force yet$/],

  ["with the right source-address", [...ALICE, "-O", "source-address=10.0.0.0/8,127.0.0.0/8"], undefined],
  ["with another source-address", [...ALICE, "-O", "source-address=10.0.0.0/8"], /it is not for this address$/],
  ["with an empty source-address", [...ALICE, "-O", "critical:source-address"], /option source-address is malformed/],
  ["with an address as its text", [...ALICE, "-O", "critical:source-address="], /option source-address is malformed/],

  [
    "with a force-command without a text",
    [...ALICE, "-O", "critical:force-command"],
    /option force-command is malformed/,
  ],
  ["with a critical option that nobody knows", [...ALICE, "-O", "critical:x@example.com=1"], /option that is unknown$/],
  ["with a critical option of another case", [...ALICE, "-O", "critical:Force-Command=ls"], /option that is unknown$/],
  ["with an extension that nobody knows", [...ALICE, "-O", "extension:x@example.com=1"], undefined],
  ["with verify-required over a key in a file", [...ALICE, "-O", "verify-required"], /has to be a FIDO key/],
];

for (const [what, args, why] of CASES) {
  test(`ssh with a certificate ${what} is ${why === undefined ? "let in" : "refused"}`, async (t) => {
    const { show } = (await scene(t)) ?? {};
    if (show === undefined) return;
    const { isIn, whys, stdout, status } = await show(args);
    if (why === undefined) {
      assert.deepEqual([isIn, status, stdout], [true, 0, "hello for itself\n"]);
    } else {
      assert.deepEqual([isIn, status, stdout], [false, 255, ""]);
      assert.match(whys[0] ?? "", why);
      assert.match(whys[0] ?? "", /^certificate 7: /);
    }
  });
}

test("ssh with a certificate is bound to its force-command, and the command it asked for is told", async (t) => {
  const { show } = (await scene(t)) ?? {};
  if (show === undefined) return;
  const entry = await show([...ALICE, "-O", "force-command=inventory"], { command: ["rm", "-rf"] });
  assert.deepEqual([entry.status, entry.stdout], [0, "inventory for rm -rf\n"]);
  assert.equal(entry.restrictions, "forceCommand");
});

const EXTENSIONS: readonly (readonly [args: readonly string[], restrictions: string | undefined])[] = [
  [[], undefined],
  [["-O", "clear"], "noPty,noPortForwarding,noAgentForwarding,noX11Forwarding"],
  [["-O", "clear", "-O", "permit-pty"], "noPortForwarding,noAgentForwarding,noX11Forwarding"],
  [["-O", "no-pty"], "noPty"],
  [["-O", "no-port-forwarding"], "noPortForwarding"],
  [["-O", "no-agent-forwarding"], "noAgentForwarding"],
  [["-O", "no-x11-forwarding"], "noX11Forwarding"],
  [["-O", "no-user-rc"], undefined],
];

for (const [args, restrictions] of EXTENSIONS) {
  test(`ssh may do what the extensions of its certificate permit: ${args.join(" ") || "all of them"}`, async (t) => {
    const { show } = (await scene(t)) ?? {};
    if (show === undefined) return;
    const entry = await show([...ALICE, ...args], { flags: ["-tt"] });
    assert.equal(entry.isIn, true, entry.stderr);
    assert.equal(entry.restrictions, restrictions);
    const isRefused = /PTY allocation request failed/.test(entry.stderr);
    assert.equal(isRefused, restrictions?.includes("noPty") ?? false, entry.stderr);
  });
}

const CAS: readonly (readonly string[])[] = [
  ["-t", "ed25519"],
  ["-t", "ecdsa", "-b", "256"],
  ["-t", "ecdsa", "-b", "384"],
  ["-t", "ecdsa", "-b", "521"],
];

for (const ca of CAS) {
  test(`ssh is let in with a certificate of a CA made by ssh-keygen ${ca.join(" ")}`, async (t) => {
    const { show } = (await scene(t, { ca })) ?? {};
    if (show === undefined) return;
    assert.equal((await show(ALICE)).isIn, true);
  });
}

for (const algorithm of ["rsa-sha2-256", "rsa-sha2-512"]) {
  test(`ssh is let in with a certificate that an RSA key signed by ${algorithm}`, async (t) => {
    const { show } = (await scene(t, { ca: ["-t", "rsa", "-b", "2048"] })) ?? {};
    if (show === undefined) return;
    assert.equal((await show([...ALICE, "-t", algorithm])).isIn, true);
  });
}

test("ssh is refused with a certificate that an RSA key signed by SHA-1", async (t) => {
  const { show } = (await scene(t, { ca: ["-t", "rsa", "-b", "2048"] })) ?? {};
  if (show === undefined) return;
  const { isIn, whys } = await show([...ALICE, "-t", "ssh-rsa"]);
  assert.equal(isIn, false);
  assert.match(whys[0] ?? "", /of a kind that is not accepted/);
});

for (const key of keyKinds) {
  const algorithms = key.startsWith("rsa") ? ["rsa-sha2-512", "rsa-sha2-256"] : [undefined];
  for (const algorithm of algorithms) {
    test(`ssh is let in with a certificate over a key of type ${key}${algorithm ? ` by ${algorithm}` : ""}`, async (t) => {
      const { show } = (await scene(t)) ?? {};
      if (show === undefined) return;
      const options = algorithm && { PubkeyAcceptedAlgorithms: `${algorithm}-cert-v01@openssh.com,${algorithm}` };
      const entry = await show(ALICE, { key, ...(options && { options }) });
      assert.equal(entry.isIn, true, entry.stderr);
    });
  }
}

test("ssh with a certificate of a CA that nobody trusts is refused, also where the same CA's key may log in itself", async (t) => {
  const { gate, authority } = (await scene(t)) ?? {};
  if (gate === undefined || authority === undefined) return;
  const stranger = await Authority.make(requirePeer(t, "ssh-keygen")!);
  const certificate = await stranger.certify(`${userKeyFile("ed25519")}.pub`, ["-I", "x", ...ALICE]);
  const entry = await gate.knock({ certificate });
  assert.deepEqual([entry.isIn, entry.whys[0]], [false, "nobody gave a verdict"]);

  const listing = await startGate(t, requirePeer(t, "ssh")!, [authorizedKeys({ text: stranger.line })]);
  assert.equal((await listing.knock({ certificate })).isIn, false);
});

test("ssh with a certificate that is not good may still log in with its key, where that is authorized", async (t) => {
  const auth = (authority: Authority): readonly Authenticator[] => [
    ...trusting(authority),
    authorizedKeys({ text: publicKey("user", "ed25519") }),
  ];
  const { show } = (await scene(t, { auth })) ?? {};
  if (show === undefined) return;
  const { isIn, whys } = await show(["-n", "bob"]);
  assert.deepEqual([isIn, whys], [true, ["certificate 7: it is not for this user"]]);
});

/** Lines of an authorized_keys file about a CA; `CA` stands for its key. */
const LINES: readonly (readonly [line: string, args: readonly string[], why: RegExp | undefined])[] = [
  ["cert-authority CA", ALICE, undefined],
  ["cert-authority CA", ["-n", "bob"], /it is not for this user/],
  ["cert-authority CA", [], /it is not for this user/],
  ["CA", ALICE, /nobody gave a verdict/],
  ['cert-authority,principals="team,crew" CA', ["-n", "crew"], undefined],
  ['cert-authority,principals="team,crew" CA', ALICE, /it is not for this user/],
  ['cert-authority,principals="" CA', ALICE, /it is not for this user/],
  ['cert-authority,from="10.0.0.0/8" CA', ALICE, /not for this address/],
  ['cert-authority,from="127.0.0.1" CA', [...ALICE, "-O", "source-address=10.0.0.0/8"], /not for this address/],
  ['cert-authority,expiry-time="20200101" CA', ALICE, /expired/],
  ['cert-authority,command="this" CA', [...ALICE, "-O", "force-command=that"], /command/],
  ["cert-authority,unheard-of CA", ALICE, /nobody gave a verdict/],
];

for (const [line, args, why] of LINES) {
  const given = args.join(" ") || "nobody in it";
  test(`ssh with a certificate (${given}) is ${why ? "refused" : "let in"} by the line ${line}`, async (t) => {
    const auth = (authority: Authority): readonly Authenticator[] => [
      authorizedKeys({ text: line.replace("CA", authority.line) }),
    ];
    const { show } = (await scene(t, { auth })) ?? {};
    if (show === undefined) return;
    const { isIn, whys } = await show(args);
    assert.equal(isIn, why === undefined, whys.join());
    if (why !== undefined) assert.match(whys[0] ?? "", why);
  });
}

test("what a line and a certificate restrict adds up", async (t) => {
  const auth = (authority: Authority): readonly Authenticator[] => [
    authorizedKeys({ text: `cert-authority,command="inventory",no-agent-forwarding ${authority.line}` }),
  ];
  const { show } = (await scene(t, { auth })) ?? {};
  if (show === undefined) return;
  const { isIn, stdout, restrictions } = await show([...ALICE, "-O", "no-pty", "-O", "force-command=inventory"]);
  assert.equal(isIn, true);
  assert.equal(stdout, "inventory for hello\n");
  assert.equal(restrictions, "forceCommand,noPty,noAgentForwarding");
});
