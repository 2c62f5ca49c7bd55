/** What `serveGit` and `serveFiles` take, as apps meet it. Checked by tsc alone. */
import { memory, serveFiles, serveGit } from "../../src/files/index.ts";
import { Server } from "../../src/index.ts";

const ssh = new Server<{ team: string }>({ allowAnyone: true, state: () => ({ team: "a" }) });

serveGit(ssh, {
  root: "/srv/git",
  access: async (client, repository) => (repository.startsWith(client.state.team) ? "write" : "none"),
  create: (client) => client.state.team === "a",
  beforePush: (_client, { refs }) => refs.every((ref) => ref.to?.length === 40) || "No.",
  afterPush: (_client, { repository }) => void repository.toUpperCase(),
});
serveGit(ssh, { root: "/srv/git", access: () => "read", create: true, beforePush: async () => undefined });
// @ts-expect-error nobody has said who may
serveGit(ssh, { root: "/srv/git" });
// @ts-expect-error there is no such access
serveGit(ssh, { root: "/srv/git", access: () => "admin" });
// @ts-expect-error there is no such bag
serveGit(ssh, { root: "/srv/git", access: (client) => (client.state.nothing ? "read" : "none") });
// @ts-expect-error a verdict is true, false or a text
serveGit(ssh, { root: "/srv/git", access: () => "read", beforePush: () => 1 });

serveFiles(ssh, { fileSystem: () => memory(), rsync: true });
serveFiles(ssh, { fileSystem: () => memory(), rsync: { maxProcesses: 4, program: "/usr/bin/rsync" } });
// @ts-expect-error it is a number
serveFiles(ssh, { fileSystem: () => memory(), rsync: { maxProcesses: "4" } });
