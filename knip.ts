import type { KnipConfig } from "knip";

const config: KnipConfig = {
  entry: [
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
