import { parsePrivateKey } from "../../crypto/index.ts";
import type { AuthAnswer, AuthAttempt, AuthPrompt, Connection, Reception } from "../../server/index.ts";
import type { VisitorOptions } from "../options.ts";

type Visitor = VisitorOptions & { readonly username: string };
type Judge = (attempt: AuthAttempt) => Promise<AuthAnswer>;

/** Logins that a client tries, in the order of OpenSSH's `PreferredAuthentications`; undefined: it has nothing to try with. */
const METHODS: Readonly<Record<string, (visitor: Visitor, judge: Judge) => Promise<AuthAnswer> | undefined>> = {
  publickey: byKey,
  "keyboard-interactive": byAnswers,
  password: byPassword,
};

/** How many rounds of questions a visitor answers. */
const MAX_ROUNDS = 20;

/** Logs a visitor in as OpenSSH's client does it. Gives the methods that were tried, when the server did not let it in. */
export async function logIn(
  reception: Reception,
  connection: Connection,
  visitor: Visitor,
): Promise<readonly string[] | undefined> {
  const { username } = visitor;
  const judge = (attempt: AuthAttempt): Promise<AuthAnswer> => reception.judge(connection, attempt);
  let answer = await judge({ method: "none", username });
  let method = "none";
  let allowed = reception.authMethods;
  const tried = ["none"];
  const left = new Set(Object.keys(METHODS));
  while (answer.type !== "accept") {
    if (answer.type === "partial") allowed = answer.methods;
    const next = [...left].find((name) => allowed.includes(name));
    if (next === undefined) return tried;
    left.delete(next);
    const attempt = METHODS[next]?.(visitor, judge);
    if (attempt === undefined) continue;
    method = next;
    tried.push(next);
    answer = await attempt;
  }
  reception.admitted(connection, username, method);
  return undefined;
}

function byKey({ username, key: text }: Visitor, judge: Judge): Promise<AuthAnswer> | undefined {
  if (text === undefined) return undefined;
  const { publicKey: key } = parsePrivateKey(text);
  const [algorithm = key.type] = key.algorithms;
  // RFC 4252 §7: first whether such a key would do, then the proof of it.
  const attempt = { method: "publickey", username, key, algorithm } as const;
  return judge({ ...attempt, proved: false }).then((answer) =>
    answer.type === "accept" ? judge({ ...attempt, proved: true }) : answer,
  );
}

function byPassword({ username, password }: Visitor, judge: Judge): Promise<AuthAnswer> | undefined {
  return password === undefined ? undefined : judge({ method: "password", username, password });
}

function byAnswers({ username, answers }: Visitor, judge: Judge): Promise<AuthAnswer> | undefined {
  if (answers === undefined) return undefined;
  return (async () => {
    let answer = await judge({ method: "keyboard-interactive", username, round: 0, responses: [] });
    for (let round = 1; answer.type === "prompt" && round <= MAX_ROUNDS; round++) {
      const responses = answer.prompts.map((question) => answerTo(question, answers));
      answer = await judge({ method: "keyboard-interactive", username, round, responses });
    }
    return answer;
  })();
}

function answerTo({ prompt }: AuthPrompt, answers: Readonly<Record<string, string>>): string {
  return Object.entries(answers).find(([part]) => prompt.includes(part))?.[1] ?? "";
}
