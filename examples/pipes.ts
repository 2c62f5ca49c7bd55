/**
 * A server for pipes: `ssh -p 2222 localhost sha256 < file`, `ssh -p 2222 localhost gzip < file > file.gz`.
 */
import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Server } from "sallyport";

const ssh = new Server({ allowAnyone: true });

ssh.onUser("exec", async (client, command, { signal }) => {
  switch (command) {
    case "sha256": {
      const hash = createHash("sha256");
      await pipeline(client.stdin, hash, { signal });
      client.sendln(hash.digest("hex"));
      return 0;
    }
    case "gzip":
      await pipeline(client.stdin, createGzip(), client.stdout, { signal });
      return 0;
    default:
      client.stderr.write("There is sha256, and gzip.\n");
      return 127;
  }
});

await ssh.run({ port: 2222 });
