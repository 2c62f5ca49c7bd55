import type { Client } from "../client/client.ts";
import type { Failed } from "../dispatcher.ts";
import type { Venue } from "./venue.ts";

/** Raises `subsystem`, lets whoever is registered for the name serve it, and gives the exit status. Never rejects. */
export async function serveSubsystem<State>(
  venue: Venue<State>,
  client: Client<State>,
  name: string,
  report: Failed,
  isOver: () => boolean,
): Promise<number> {
  let hasFailed = false;
  const failed: Failed = (what, error) => {
    hasFailed = true;
    return report(what, error);
  };
  const answers = await venue.events.raise("subsystem", failed, client, name);
  let status: unknown = answers.find((answer) => typeof answer === "number");
  const serve = venue.subsystems.get(name);
  try {
    if (serve !== undefined && !isOver()) status = await serve(client);
  } catch (error) {
    await failed("subsystem", error);
  }
  const isNobodys = serve === undefined && answers.length > 0 && answers.every((answer) => answer === false);
  if (hasFailed || isNobodys) return 1;
  return typeof status === "number" ? status : 0;
}
