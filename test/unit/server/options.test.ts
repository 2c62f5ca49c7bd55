import assert from "node:assert/strict";
import test from "node:test";
import { ConfigError, resolveLimits, resolveOptions } from "../../../src/server/index.ts";

test("the defaults are those of the documents", () => {
  const options = resolveOptions({});
  assert.equal(options.port, 2222);
  assert.equal(options.host, "127.0.0.1");
  assert.equal(options.allowAnyone, false);
  assert.equal(options.useExternalAuth, false);
  assert.deepEqual(options.acceptEnv, []);
  assert.equal(options.penalties?.authfail, 5);
  assert.deepEqual(resolveLimits(), {
    loginGraceTime: 60,
    identificationTime: 10,
    handshakeTime: 20,
    rekeyTime: 30,
    unusedConnectionTime: 60,
    authTime: 30,
    authPromptTime: 60,
    maxAuthTries: 6,
    maxAuthRequests: 32,
    maxPassword: 1024,
    maxStartups: { start: 10, rate: 30, full: 100 },
    perSourceMaxStartups: 16,
    perSourceNetBlock: { ipv4: 32, ipv6: 64 },
    maxConnections: 1000,
    maxSessions: 10,
    maxChannels: 64,
    window: 1_048_576,
    maxPacket: 32_768,
    clientAliveInterval: 30,
    clientAliveCountMax: 3,
    rekeyLimit: { bytes: 1_073_741_824, seconds: 3600 },
    maxEnv: 64,
    maxEnvValue: 4096,
    maxCommand: 32_768,
    maxTypeAhead: 4096,
    maxUnsent: 1_048_576,
  });
});

test("a part of a group of limits is enough", () => {
  assert.deepEqual(resolveLimits({ maxStartups: { full: 50 } }).maxStartups, { start: 10, rate: 30, full: 50 });
});

const wrong: readonly (readonly [options: unknown, code: string, named: RegExp])[] = [
  [null, "BAD_OPTION", /options must be an object/],
  ["x", "BAD_OPTION", /options must be an object/],
  [{ prot: 22 }, "UNKNOWN_OPTION", /no option prot; there are port,/],
  [{ toString: 1 }, "UNKNOWN_OPTION", /no option toString/],
  [{ port: "22" }, "BAD_OPTION", /option port must be a port number.*not a string of 2/],
  [{ port: 65_536 }, "BAD_OPTION", /option port.*not 65536/],
  [{ port: 22.5 }, "BAD_OPTION", /option port/],
  [{ host: "" }, "BAD_OPTION", /option host/],
  [{ hostKeys: [1] }, "BAD_OPTION", /option hostKeys/],
  [{ ident: "My Server" }, "BAD_OPTION", /option ident.*without spaces/],
  [{ ident: "My-Server" }, "BAD_OPTION", /option ident/],
  [{ ident: "x\r\n" }, "BAD_OPTION", /option ident/],
  [{ banner: "x".repeat(65_537) }, "BAD_OPTION", /option banner/],
  [{ useExternalAuth: 1 }, "BAD_OPTION", /option useExternalAuth must be true or false, not 1/],
  [{ allowAnyone: "yes" }, "BAD_OPTION", /option allowAnyone/],
  [{ allowAnyone: true, useExternalAuth: true }, "CONFLICT", /leave one of them out/],
  [{ authMethods: ["hostbased"] }, "BAD_OPTION", /option authMethods/],
  [{ authMethods: [] }, "BAD_OPTION", /option authMethods/],
  [{ acceptEnv: ["A=B"] }, "BAD_OPTION", /option acceptEnv/],
  [{ acceptEnv: "LANG" }, "BAD_OPTION", /option acceptEnv/],
  [{ algorithms: { cipher: ["x"] } }, "BAD_OPTION", /option algorithms/],
  [{ algorithms: { kex: "x" } }, "BAD_OPTION", /option algorithms/],
  [{ prompt: 5 }, "BAD_OPTION", /option prompt/],
  [{ historySize: -1 }, "BAD_OPTION", /option historySize/],
  [{ idleTimeout: Number.NaN }, "BAD_OPTION", /option idleTimeout/],
  [{ log: true }, "BAD_OPTION", /option log must be a function or false/],
  [{ state: {} }, "BAD_OPTION", /option state must be a function/],
  [{ penalties: "on" }, "BAD_OPTION", /option penalties/],
  [{ limits: { maxAuthTries: 0 } }, "BAD_OPTION", /limits\.maxAuthTries must be a whole number from 1 to 1024, not 0/],
  [{ limits: { window: 65_536.5 } }, "BAD_OPTION", /limits\.window/],
  [{ limits: { loginGraceTime: "60" } }, "BAD_OPTION", /limits\.loginGraceTime.*a string/],
  [{ limits: { loginGraceTime: Number.NaN } }, "BAD_OPTION", /limits\.loginGraceTime.*NaN/],
  [{ limits: { maxStartup: 5 } }, "UNKNOWN_OPTION", /no limits\.maxStartup; there are/],
  [{ limits: { maxStartups: 5 } }, "BAD_OPTION", /limits\.maxStartups must be an object/],
  [{ limits: { maxStartups: { start: 200 } } }, "BAD_OPTION", /maxStartups\.full is 100/],
  [{ limits: { maxStartups: { begin: 1 } } }, "UNKNOWN_OPTION", /no limits\.maxStartups\.begin/],
  [{ limits: null }, "BAD_OPTION", /limits must be an object/],
];
for (const [options, code, named] of wrong) {
  test(`wrong options are told with their name and the remedy: ${JSON.stringify(options)?.slice(0, 60)}`, () => {
    assert.throws(
      () => resolveOptions(options as object),
      (error: unknown) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.code, code);
        assert.match(error.message, named);
        return true;
      },
    );
  });
}

test("a secret in the wrong place does not reach the error", () => {
  assert.throws(
    () => resolveOptions({ allowAnyone: "hunter2" } as object),
    (error: unknown) => error instanceof Error && !error.message.includes("hunter2"),
  );
});

test("undefined stands for an option that is left out", () => {
  assert.equal(resolveOptions({ port: undefined, limits: undefined } as object).port, 2222);
});
