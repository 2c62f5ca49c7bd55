/** File systems and their views as apps meet them: what compiles, and what must not. Checked by tsc alone. */
import { Server } from "../../src/index.ts";
import type { Client } from "../../src/index.ts";
import { hooks, memory, mount, perUser, permissions, quota, readOnly, serveFiles } from "../../src/files/index.ts";
import type { FileSystem } from "../../src/files/index.ts";

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function expectType<_T extends true>(): void {
  // The compiler has checked it.
}

const three: FileSystem = {
  stat: () => ({ type: "file", size: 1, mode: 0o644 }),
  readdir: () => [],
  open: () => ({ stat: () => ({ type: "file", size: 1, mode: 0o644 }), close: () => undefined }),
};

// @ts-expect-error Three methods are the least.
const two: FileSystem = { stat: () => ({ type: "file", size: 1, mode: 0o644 }), readdir: () => [] };

// @ts-expect-error There is no such type of file.
const odd: FileSystem = { ...three, stat: () => ({ type: "pipe", size: 1, mode: 0o644 }) };

interface Bag {
  readonly quota: number;
}
const ssh = new Server<Bag>({ state: () => ({ quota: 7 }) });

serveFiles(ssh, {
  fileSystem: (client) => {
    expectType<Equals<typeof client, Client<Bag>>>();
    return client.state.quota > 0 ? quota(memory(), { maxBytes: client.state.quota }) : undefined;
  },
  home: ({ username }) => `/${username}`,
});
serveFiles(ssh, {
  fileSystem: perUser((_name: string, client: Client<Bag>) => (client.state.quota > 0 ? memory() : undefined)),
});

// @ts-expect-error What is served has to be said.
serveFiles(ssh, {});

permissions(three, ({ access, path }) => {
  expectType<Equals<typeof access, "see" | "read" | "write">>();
  return path === "/";
});
// @ts-expect-error A permission is yes or no.
permissions(three, () => "yes");

hooks(mount({ "/": readOnly(three) }), { onUpload: ({ isComplete }) => void isComplete });
// @ts-expect-error There is no such hook.
hooks(three, { onTouch: () => undefined });

void [two, odd];
