/**
 * A server to be talked to and attacked, made of the public API alone. `npm run target` without arguments says how to
 * start it; programs.ts has what it runs.
 */
import { timingSafeEqual } from "node:crypto";
import { ConfigError, Server } from "../../src/index.ts";
import type { AuthData, Authenticator } from "../../src/index.ts";
import { authorizedKeys, certificates } from "../../src/auth/index.ts";
import { directory, mount, readOnly, serveFiles } from "../../src/files/index.ts";
import type { FileSystem } from "../../src/files/index.ts";
import { ArgumentError, readArguments, USAGE } from "./arguments.ts";
import type { TargetArguments } from "./arguments.ts";
import { install } from "./programs.ts";

try {
  const target = readArguments(process.argv.slice(2));
  const { host, port } = await start(target);
  console.log(`listening on ${host} port ${port}`);
} catch (error) {
  if (!(error instanceof ArgumentError || error instanceof ConfigError)) throw error;
  console.error(error instanceof ArgumentError ? `${error.message}\n\n${USAGE}` : error.message);
  process.exit(1);
}

async function start(target: TargetArguments): Promise<{ host: string; port: number }> {
  const { port, hostKeys, penalties, kex, grace, password, methods } = target;
  const server = new Server({
    port,
    host: "127.0.0.1",
    hostKeys,
    penalties,
    useExternalAuth: true,
    auth: authenticators(target),
    ...(methods
      ? { authenticationMethods: methods }
      : { authMethods: password === undefined ? ["publickey"] : ["publickey", "password", "keyboard-interactive"] }),
    acceptEnv: ["LANG", "LC_*", "TEST_*"],
    ...(kex && { algorithms: { kex } }),
    limits: {
      ...(grace !== undefined && { loginGraceTime: grace }),
      // Who attacks or measures watches over the target by a connection on which nothing happens.
      unusedConnectionTime: 900,
      // Whoever tests a server on one machine is one source, and opens many connections at once.
      maxStartups: { start: 200, full: 400 },
      perSourceMaxStartups: 400,
    },
  });
  server.onUser("auth", (data) => judge(data, target));
  if (password !== undefined) {
    server.onUser(
      "authinteractive",
      async (data, prompt) => isRight(await prompt("Password: "), target) && isKnown(data, target),
    );
  }
  install(server);
  const files = filesOf(target);
  if (files !== undefined) serveFiles(server, { fileSystem: () => files });
  return server.run();
}

/** What SFTP serves, if anything. */
function filesOf({ sftpRoot, sftpReadOnly }: TargetArguments): FileSystem | undefined {
  const fixed = sftpReadOnly === undefined ? undefined : readOnly(directory(sftpReadOnly));
  if (sftpRoot === undefined) return fixed;
  const root = directory(sftpRoot);
  return fixed === undefined ? root : mount({ "/": root, "/readonly": fixed });
}

/** The keys of the file and the certificates under the CA, of users that there are; what is revoked is refused. */
function authenticators(target: TargetArguments): Authenticator[] {
  const { trustedCa, krl, authorizedKeys: keys } = target;
  const revoked = krl === undefined ? {} : { revoked: { file: krl } };
  const isKnownName = (username: string): boolean => isKnown({ username }, target);
  return [
    authorizedKeys((username) => (isKnownName(username) ? [...keys].join("\n") : undefined), revoked),
    ...(trustedCa === undefined
      ? []
      : [
          certificates({
            trusted: { file: trustedCa },
            principals: (name) => (isKnownName(name) ? [name] : []),
            ...revoked,
          }),
        ]),
  ];
}

function judge(data: AuthData, target: TargetArguments): boolean {
  return data.method === "password" && isRight(data.password, target) && isKnown(data, target);
}

function isKnown({ username }: { readonly username: string }, { user }: TargetArguments): boolean {
  return user === undefined || username === user;
}

function isRight(answer: string, { password = "" }: TargetArguments): boolean {
  const [given, wanted] = [Buffer.from(answer), Buffer.from(password)];
  return wanted.length > 0 && given.length === wanted.length && timingSafeEqual(given, wanted);
}
