/** Login attempts as the server hands them to an authenticator, keys and CAs to make them with, and a log to look at. */
import { readFileSync } from "node:fs";
import { generatePrivateKey, parsePrivateKey, parsePublicKey, parsePublicKeyBlob } from "../../../src/crypto/index.ts";
import type { HostKey, PublicKey } from "../../../src/crypto/index.ts";
import { Connection } from "../../../src/server/index.ts";
import type {
  Authenticator,
  AuthData,
  AuthPrompter,
  AuthVerdict,
  KeyTouch,
  LogEntry,
  Restrictions,
} from "../../../src/server/index.ts";
import { certify } from "../../client/index.ts";
import type { CertificateFields, Signer } from "../../client/index.ts";

export interface Fields {
  readonly username?: string;
  readonly address?: string;
  readonly isOver?: boolean;
}

function common({ username = "ada", address = "192.0.2.1", isOver = false }: Fields) {
  const socket = { remoteAddress: address, remotePort: 40_000, localAddress: "192.0.2.9", localPort: 22 };
  const connection = new Connection("c1", "ssh", socket, { disconnect: () => undefined });
  if (isOver) connection.end();
  return { username, peer: connection.peer, connection, passed: [] };
}

/** An attempt with a key that was proved, unless it says otherwise. */
export function withKey(
  key: PublicKey,
  fields: Fields & { readonly proved?: boolean; readonly touch?: KeyTouch } = {},
): AuthData & { readonly method: "publickey" } {
  const { proved = true, touch } = fields;
  const algorithm = key.algorithms[0] ?? "";
  return { ...common(fields), method: "publickey", key, algorithm, proved, ...(touch !== undefined && { touch }) };
}

export function withPassword(
  password: string,
  fields: Fields & { readonly newPassword?: string } = {},
): AuthData & { readonly method: "password" } {
  const { newPassword } = fields;
  return { ...common(fields), method: "password", password, ...(newPassword !== undefined && { newPassword }) };
}

/** A dialogue in which the user gives these answers, and what was asked. */
export function withAnswers(
  answers: readonly string[],
  fields: Fields = {},
): { readonly data: AuthData & { readonly method: "keyboard-interactive" }; readonly asked: string[] } {
  const left = [...answers];
  const asked: string[] = [];
  const prompt = ((question: string) => {
    asked.push(question);
    const answer = left.shift();
    return answer === undefined ? Promise.reject(new Error("nobody answers")) : Promise.resolve(answer);
  }) as AuthPrompter;
  return { data: { ...common(fields), method: "keyboard-interactive", prompt, round: 0, responses: [] }, asked };
}

export function withNothing(fields: Fields = {}): AuthData {
  return { ...common(fields), method: "none" };
}

/** What a verdict comes to. */
export type Outcome = "accept" | "refuse" | "next";

function outcomeOf(verdict: AuthVerdict | undefined): Outcome {
  if (verdict === undefined) return "next";
  if (verdict === true) return "accept";
  if (verdict === false) return "refuse";
  if (!("accept" in verdict)) throw new Error("neither accepts nor refuses");
  return verdict.accept ? "accept" : "refuse";
}

export async function judge(authenticator: Authenticator, data: AuthData): Promise<Outcome> {
  return outcomeOf(await authenticator.judge(data));
}

/** The restrictions of an attempt that is accepted. */
export async function restrictionsOf(authenticator: Authenticator, data: AuthData): Promise<Restrictions> {
  const verdict = await authenticator.judge(data);
  if (typeof verdict !== "object" || !("accept" in verdict) || !verdict.accept) throw new Error("it was not accepted");
  return verdict.restrictions ?? {};
}

/** Why an attempt is refused. */
export async function reasonOf(authenticator: Authenticator, data: AuthData): Promise<string> {
  const verdict = await authenticator.judge(data);
  if (typeof verdict !== "object" || !("accept" in verdict) || verdict.accept) throw new Error("it was not refused");
  return verdict.why ?? "";
}

/** A log that keeps its entries. */
function listener(): { readonly log: (entry: LogEntry) => void; readonly entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  return { log: (entry) => void entries.push(entry), entries };
}

/** The files and lines that a log complains of. */
export function faultsIn(entries: readonly LogEntry[]): { readonly file?: string; readonly line?: number }[] {
  return entries.map(({ detail }) => ({ ...detail }));
}

/** An authenticator that has been prepared, and what it logs. */
export async function prepared<Made extends Authenticator>(
  authenticator: Made,
): Promise<{ auth: Made; entries: LogEntry[] }> {
  const { log, entries } = listener();
  await authenticator.prepare?.(log);
  return { auth: authenticator, entries };
}

export function makeKey(): HostKey {
  return parsePrivateKey(generatePrivateKey("ed25519"));
}

/** A CA that signs what it is told to. */
export function makeCa(
  key: HostKey = makeKey(),
  algorithm: string = key.algorithms[0]!,
): Signer & { readonly publicKey: PublicKey } {
  return { blob: key.publicKey.blob, publicKey: key.publicKey, sign: (data) => key.sign(algorithm, data) };
}

export function certificateOf(key: PublicKey, ca: Signer, fields: CertificateFields = {}): PublicKey {
  return parsePublicKeyBlob(certify(key.blob, ca, fields));
}

/** The path of a file that ssh-keygen made; `fixtures/make.sh` says how. */
export function fixturePath(name: string): string {
  return new URL(`fixtures/${name}`, import.meta.url).pathname;
}

export function fixture(name: string): string {
  return readFileSync(fixturePath(name), "utf8");
}

export function fixtureKey(name: string): PublicKey {
  return parsePublicKey(fixture(`${name}.pub`));
}
