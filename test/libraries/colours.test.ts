import assert from "node:assert/strict";
import { Chalk } from "chalk";
import boxen from "boxen";
import Table from "cli-table3";
import { colourOf, testPair } from "./pair.ts";

const chalk = new Chalk({ level: 3 });

testPair(
  "chalk writes truecolor, and each terminal gets what it can show",
  (client) => client.stdout.write(`${chalk.bold.hex("#ff8700")(client.username)} ${chalk.bgRgb(0, 0, 255)("sky")}\n`),
  async (visitor, name) => {
    await visitor.waitFor(`${name} sky`);
    assert.equal(visitor.screen.styleOf(name), colourOf(name, "bold #ff8700", "bold bright-red"));
    assert.match(visitor.screen.styleOf("sky"), new RegExp(colourOf(name, "^on-#0000ff$", "^on-(bright-)?blue$")));
  },
);

testPair(
  "cli-table3 and boxen fill the window that they are told of",
  (client) => {
    const { columns } = client.stdout;
    const table = new Table({ head: ["name", "字"], colWidths: [12, columns - 20], style: { head: [], border: [] } });
    table.push([client.username, "四つ"]);
    client.sendln(table.toString());
    client.sendln(boxen(client.username, { width: columns, borderStyle: "round", textAlignment: "center" }));
  },
  async (visitor, name) => {
    const columns = name === "alice" ? 100 : 50;
    await visitor.waitFor(`╰${"─".repeat(columns - 2)}╯`);
    assert.match(visitor.screen.text(), new RegExp(`│ ${name} +│ 四つ +│`));
    const top = visitor.screen.lines.find((line) => line.startsWith("┌"));
    assert.equal(top?.length, 12 + columns - 20 + 3);
  },
);
