/**
 * A game in Ink: React components for a terminal, one for each visitor. Start it with `node examples/dice.ts`, and visit
 * it with `ssh -p 2222 localhost`.
 */
import { randomInt } from "node:crypto";
import { Box, Text, useApp, useInput } from "ink";
import { createElement, useState } from "react";
import type { ReactNode } from "react";
import { escapeControls, Server } from "sallyport";
import { render } from "sallyport/ink";

const FACES = ["⚀", "⚁", "⚂", "⚃", "⚄", "⚅"];

function Dice({ player }: { readonly player: string }): ReactNode {
  const { exit } = useApp();
  const [rolls, setRolls] = useState<readonly number[]>([]);
  useInput((input) => {
    if (input === " ") setRolls((rolls) => [...rolls, randomInt(FACES.length)].slice(-10));
    if (input === "q") exit();
  });
  const sum = rolls.reduce((sum, roll) => sum + roll + 1, 0);
  return createElement(
    Box,
    { borderStyle: "round", borderColor: "#ff8700", flexDirection: "column", paddingX: 1 },
    createElement(Text, { bold: true }, `${player} has ${sum}`),
    createElement(Text, null, rolls.map((roll) => FACES[roll]).join(" ") || "no dice yet"),
    createElement(Text, { dimColor: true }, "Space rolls, q leaves."),
  );
}

const ssh = new Server({ allowAnyone: true });

// No prompt: the game is all there is.
ssh.onUser("preshell", async (client) => {
  if (client.pty === undefined) client.sendln("The dice need a terminal: ssh without -T, and without a pipe.");
  else await render(client, createElement(Dice, { player: escapeControls(client.username) })).waitUntilExit();
  client.exit();
});

process.on("SIGINT", () => void ssh.close());
const { port } = await ssh.run({ port: Number(process.env["PORT"] ?? 2222) });
console.log(`The table is set. In another window: ssh -p ${port} localhost`);
