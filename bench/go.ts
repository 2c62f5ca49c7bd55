import { spawnSync } from "node:child_process";

/** Where Debian's golang-*-dev packages put their sources. */
const debianGopath = "/usr/share/gocode";

/** Builds a Go program from Debian's packaged libraries, without the network. Returns the compiler's complaint, if any. */
export function buildGo(source: string, output: string): string | undefined {
  const built = spawnSync("go", ["build", "-o", output, "."], {
    cwd: source,
    encoding: "utf8",
    env: { ...process.env, GO111MODULE: "off", GOPATH: debianGopath },
  });
  if (built.error) return built.error.message;
  return built.status === 0 ? undefined : built.stderr.trim();
}
