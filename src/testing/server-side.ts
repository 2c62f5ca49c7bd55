import type { Client, Connection, ServerCore } from "../server/index.ts";

/** The client that came by a connection; undefined before its `connect` and after its `disconnected`. */
export function clientOn<State>(server: ServerCore<State>, connection: Connection): Client<State> | undefined {
  for (const client of server.clients) if (client.connection === connection) return client;
  return undefined;
}
