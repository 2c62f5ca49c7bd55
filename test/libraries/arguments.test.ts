import { Command } from "commander";
import yargs from "yargs";
import { testPair } from "./pair.ts";

testPair(
  "commander parses a command line, and its help and errors go to the visitor",
  async (client) => {
    for (const line of ["order tea --cups 2", "order --nonsense", "--help"]) {
      const program = new Command("shop").exitOverride().configureOutput({
        writeOut: (text) => client.send(text),
        writeErr: (text) => client.send(text),
        getOutHelpWidth: () => client.window.width,
        getErrHelpWidth: () => client.window.width,
      });
      program
        .command("order <drink>")
        .copyInheritedSettings(program)
        .option("--cups <n>", "how many", Number)
        .action((drink: string, { cups }: { cups: number }) =>
          client.sendln(`${client.username}: ${cups} of ${drink}`),
        );
      await program
        .parseAsync(line.split(" "), { from: "user" })
        .catch((error: Error) => client.sendln(`(${error.name})`));
    }
  },
  async (visitor, name) => {
    await visitor.waitFor(`${name}: 2 of tea`);
    await visitor.waitFor("error: unknown option '--nonsense'");
    await visitor.waitFor("Usage: shop");
    await visitor.waitFor(/\(CommanderError\)\n[^]*\(CommanderError\)/);
  },
);

testPair(
  "yargs parses a command line without an end of the process",
  async (client) => {
    for (const line of ["order tea --cups 2", "order"]) {
      await yargs()
        .scriptName("shop")
        .wrap(client.window.width)
        .exitProcess(false)
        .command(
          "order <drink>",
          "orders a drink",
          (order) =>
            order.positional("drink", { type: "string", demandOption: true }).option("cups", { type: "number" }),
          ({ drink, cups }) => client.sendln(`${client.username}: ${cups} of ${drink}`),
        )
        .strict()
        .parseAsync(line.split(" "), {}, (error, _, output) => {
          const said = error?.message ?? output;
          if (said !== "") client.sendln(said);
        })
        .catch(() => undefined);
    }
  },
  async (visitor, name) => {
    await visitor.waitFor(`${name}: 2 of tea`);
    await visitor.waitFor("Not enough non-option arguments");
  },
);
