import assert from "node:assert/strict";
import { generatePrivateKey } from "../../../src/crypto/index.ts";
import { openTerminal } from "../../../src/testing/index.ts";
import { testBothWays } from "../../ways.ts";
import { loadExample } from "./example.ts";

testBothWays(
  "members: a name is the first key's, who is known again, and the first founder sees all",
  async (t, by) => {
    const ssh = await loadExample(t, "members");
    const [key, another] = [generatePrivateKey("ed25519"), generatePrivateKey("ed25519")];
    {
      await using ada = await openTerminal(ssh, { ...by, username: "ada", key });
      await ada.waitFor("Welcome to the club, ada.");
      assert.equal(await ada.run("list"), "That is the founder's.");
      assert.equal(await ada.run("found"), "The club is yours.");
    }
    await assert.rejects(openTerminal(ssh, { ...by, username: "ada", key: another }), { code: "LOGIN_REFUSED" });
    await using bob = await openTerminal(ssh, { ...by, username: "bob", key: another });
    await bob.waitFor("Welcome to the club, bob.");
    assert.equal(await bob.run("found"), "ada was first.");
    await using ada = await openTerminal(ssh, { ...by, username: "ada", key });
    await ada.waitFor("Welcome back, ada. You were here from 127.0.0.1.");
    assert.equal(await ada.run("list"), "ada, 1 key\nbob, 1 key");
  },
);
