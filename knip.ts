import type { KnipConfig } from "knip";
import manifest from "./package.json" with { type: "json" };

/** What the package exports, and its command, as the source files that they are built from. */
const published = [...Object.values(manifest.exports), ...Object.values(manifest.bin).map((path) => `./${path}`)]
  .map((target) => (typeof target === "string" ? target : target.import))
  .filter((path) => path.startsWith("./dist/"))
  .map((path) => path.replace("./dist/", "src/").replace(/\.js$/, ".ts"));

const config: KnipConfig = {
  entry: [
    ...published,
    "examples/*.ts",
    "examples/lounge/app.ts",
    "examples/lounge/modules/*.ts",
    "src/cli/dev/agent.ts",
    "scripts/*.ts",
    "test/**/*.test.ts",
    "test/types/**/*.ts",
    "test/**/fixtures/make.ts",
    "bench/servers/*.ts",
    "bench/alone/*.ts",
    "test/interop/peers.ts",
    "test/storm/parts/*.ts",
  ],
  project: ["src/**/*.ts", "examples/**/*.ts", "bench/**/*.ts", "scripts/**/*.ts", "test/**/*.ts"],
  // The face of a folder names the types of its signatures, whether or not a neighbour has to spell them today.
  exclude: ["types"],
  // CommonJS without types: the tests load them by require().
  ignoreDependencies: ["neo-blessed", "terminal-kit"],
  // Programs of the machine, not of a package.
  ignoreBinaries: ["go", "ssh-keygen", "dpkg-query", "mkfifo", "mount", "umount"],
};
export default config;
