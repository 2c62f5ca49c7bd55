/**
 * A file system in ten lines: reports that are made when somebody reads them.
 *
 *     node --conditions=sallyport-source examples/reports.ts
 *     sftp -P 2222 localhost      then: ls -l, get today.txt
 */
import { Server } from "sallyport";
import { FileError, serveFiles } from "sallyport/files";
import type { FileSystem } from "sallyport/files";

const reports = new Map([
  ["/today.txt", () => `Today is ${new Date().toDateString()}.\n`],
  ["/memory.json", () => `${JSON.stringify(process.memoryUsage())}\n`],
]);

const files: FileSystem = {
  stat: (path) => (path === "/" ? { type: "directory", size: 0, mode: 0o555 } : describe(content(path))),
  *readdir() {
    for (const path of reports.keys()) yield { name: path.slice(1), attributes: describe(content(path)) };
  },
  open(path) {
    const bytes = content(path);
    const read = (buffer: Uint8Array, at: number): number => bytes.copy(buffer, 0, Math.min(at, bytes.length));
    return { read, stat: () => describe(bytes), close() {} };
  },
};

function content(path: string): Buffer {
  const make = reports.get(path);
  if (make === undefined) throw new FileError("NOT_FOUND");
  return Buffer.from(make());
}

function describe({ length: size }: Buffer) {
  return { type: "file", size, mode: 0o444, mtime: Date.now() / 1000 } as const;
}

const ssh = new Server({ allowAnyone: true });
serveFiles(ssh, { fileSystem: () => files });

process.on("SIGINT", () => void ssh.close());
const { port } = await ssh.run({ port: Number(process.env["PORT"] ?? 2222) });
console.log(`The reports are there. In another window: sftp -P ${port} localhost`);
