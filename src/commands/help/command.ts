import type { Client } from "../../server/index.ts";
import { Access } from "../access.ts";
import { placesBehind } from "../completion/places.ts";
import type { CommandDefinition } from "../definition.ts";
import { command } from "../definition.ts";
import { text } from "../parameters/kinds.ts";
import { list } from "../parameters/many.ts";
import { shown } from "../parameters/parameter.ts";
import { UsageError } from "../parse/usage-error.ts";
import type { Router } from "../run/execute.ts";
import { helpFor } from "./page.ts";

/** The command `help` of a router. */
export function helpCommand<State>(router: Router<State>): CommandDefinition<State> {
  const accessOf = (client: Client<State>, elevated: boolean): Access<State> =>
    new Access(client, router.options.may, elevated);
  const name = text({
    placeholder: "command",
    // The clients of a router are those of its servers.
    complete: ({ client, words, word }) =>
      placesBehind(router.root, words.slice(1), word, accessOf(client as Client<State>, false)),
  });
  return command({
    name: "help",
    aliases: ["?"],
    summary: "Shows what there is, or how a command is used",
    arguments: { command: list(name) },
    async run(client: Client<State>, { command }, { signal, elevated }) {
      const access = accessOf(client, elevated);
      const { place, depth } = await access.find(router.root, command);
      const unknown = command[depth];
      if (unknown !== undefined) throw new UsageError("BAD_VALUE", `There is no command ${shown(unknown)}.`);
      await client.page(await helpFor(client, place, access), { signal });
    },
  });
}
