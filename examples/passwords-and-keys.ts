/**
 * Who may log in: alice with her key or her password, bob with his key and his password.
 *
 *     node --conditions=sallyport-source examples/passwords-and-keys.ts ~/.ssh/id_ed25519.pub
 *     ssh -p 2222 alice@localhost
 */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { parsePublicKey, Server } from "sallyport";
import type { PublicKey } from "sallyport";

interface User {
  readonly role: string;
  readonly key: PublicKey;
  readonly password: Password;
  readonly needsBoth: boolean;
}
interface Password {
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

const derive = promisify<string, Uint8Array, number, Buffer>(scrypt);

async function hashed(password: string): Promise<Password> {
  const salt = randomBytes(16);
  return { salt, hash: await derive(password, salt, 32) };
}

async function isPassword(password: string, { salt, hash }: Password): Promise<boolean> {
  return timingSafeEqual(await derive(password, salt, 32), hash);
}

const [keyFile = "id_ed25519.pub"] = process.argv.slice(2);
const key = parsePublicKey(readFileSync(keyFile, "utf8"));
// A real server has hashes in a database, and no password in its source.
const users = new Map<string, User>([
  ["alice", { role: "cook", key, password: await hashed("open sesame"), needsBoth: false }],
  ["bob", { role: "chef", key, password: await hashed("two locks"), needsBoth: true }],
]);
const nobodys = await hashed(randomBytes(16).toString("hex"));

const ssh = new Server({ useExternalAuth: true, banner: "Staff only.\n" });

ssh.onUser("auth", async (attempt) => {
  const user = users.get(attempt.username);
  if (attempt.method !== "publickey" && attempt.method !== "password") return false;
  const isRight =
    attempt.method === "publickey"
      ? user?.key.equals(attempt.key) === true
      : // A name that nobody has costs as much time as one that somebody has.
        await isPassword(attempt.password, user?.password ?? nobodys);
  if (user === undefined || !isRight) return false;
  const other = attempt.method === "publickey" ? "password" : "publickey";
  if (user.needsBoth && !attempt.passed.includes(other)) return { partial: [other] };
  return { accept: true, user: { role: user.role } };
});

ssh.onUser("command", (client) => {
  const { username, user, connection } = client;
  client.sendln(`${username}, ${String(user?.["role"])}, by ${connection.methods.join(" then ")}`);
});

await ssh.run({ port: 2222 });
