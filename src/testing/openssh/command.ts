import type { Address } from "../../server/index.ts";
import type { Request } from "../way.ts";

/** The command line of `ssh` for a session, with nothing of this machine's own set-up; it runs in the folder with its files. */
export function sshArguments<State>(
  { visitor, program, pty }: Request<State>,
  { host, port }: Address,
  isHostKnown: boolean,
): readonly string[] {
  const { username, password, key, answers, vouched } = visitor;
  const methods = [
    (key !== undefined || vouched === true) && "publickey",
    answers !== undefined && "keyboard-interactive",
    password !== undefined && "password",
  ].filter((method) => method !== false);
  const options = {
    UserKnownHostsFile: isHostKnown ? "known_hosts" : "/dev/null",
    GlobalKnownHostsFile: "/dev/null",
    StrictHostKeyChecking: isHostKnown ? "yes" : "no",
    UpdateHostKeys: "no",
    LogLevel: "ERROR",
    ConnectTimeout: "60",
    EscapeChar: "none",
    PreferredAuthentications: methods.join(",") || "none",
    NumberOfPasswordPrompts: "1",
    IdentitiesOnly: "yes",
    IdentityFile: methods.includes("publickey") ? "key" : "none",
    IdentityAgent: "none",
    // Runs when the login is done, before the session is asked for.
    PermitLocalCommand: "yes",
    LocalCommand: "touch in",
  };
  const env = Object.entries(visitor.env ?? {}).map(
    ([name, value]) => `"${`${name}=${value}`.replaceAll(/["\\]/g, String.raw`\$&`)}"`,
  );
  return [
    "-F",
    "none",
    pty === undefined ? "-T" : "-tt",
    // What ssh itself has to say is not part of the session.
    "-E",
    "log",
    "-p",
    String(port),
    "-l",
    username,
    ...Object.entries(options).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...(env.length > 0 ? ["-o", `SetEnv=${env.join(" ")}`] : []),
    ...(program.type === "subsystem" ? ["-s"] : []),
    "--",
    host,
    ...(program.type === "exec" ? [program.command] : []),
    ...(program.type === "subsystem" ? [program.name] : []),
  ];
}
