/**
 * A small castle that anybody may visit. Start it with `npm start`; then, in another window or in several:
 *
 *     ssh -p 2222 localhost
 *
 * Handlers for what a visitor does, and some drawing: there is no more to an app.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ansi, escapeControls, formatEntry, Server, stripAnsi } from "sallyport";
import type { Client } from "sallyport";

/** What the castle remembers of a visitor. */
interface Visitor {
  readonly name: string;
  readonly colour: number;
  gold: number;
  /** What fills the window, for as long as it does, and what others said meanwhile. */
  view?: { readonly place: string; readonly draw: () => void; readonly missed: string[] } | undefined;
}
type Guest = Client<Visitor>;
type Put = (text: string, x: number, y: number, style: string) => void;
type Size = { readonly width: number; readonly height: number };

let visits = 0;
const ssh = new Server<Visitor>({
  allowAnyone: true, // on loopback, for fun; the README has a server with passwords and keys
  state: (client) => ({ name: escapeControls(client.username, { limit: 12 }), colour: visits++, gold: 0 }),
  log: (entry) => void (/warn|error/.test(entry.level) && console.error(formatEntry(entry))),
});

ssh.onUser("connect", (client) => {
  if (!client.interactive) return; // ssh -p 2222 localhost hello
  client.title("Sallyport");
  client.setPrompt(promptOf(client));
  if (client.pty) client.sendln(`${dim(castle(Math.min(client.window.width, 300)).join("\n"))}\n`);
  tell(client, `Welcome, ${nameOf(client)}! Who is here:\n${roll()}`);
  tell(client, `Type ${bold("help")}, or say something to everyone.\n\n`);
  proclaim(client, "walks in through the gate");
});

ssh.onUser("disconnected", (client) => {
  if (client.interactive) proclaim(client, "rides away");
});

ssh.onUser("resized", (client) => client.state.view?.draw());

ssh.onUser("command", (client, line, { signal }) => {
  const command = commands.get(line.trim().toLowerCase());
  if (command) return command.run(client, signal);
  if (client.interactive) return say(client, line);
  client.stderr.write(`There is no ${escapeControls(line)} here: "help" lists what there is.\n`);
  return 127;
});

type Run = (client: Guest, signal: AbortSignal) => number | void | Promise<number | void>;

const commands = new Map<string, { readonly help: string; readonly run: Run }>([
  ["hello", { help: "greet the castle", run: (client) => client.sendln("world!") }],
  ["who", { help: "see who is here", run: (client) => tell(client, roll()) }],
  ["sky", { help: "climb the tower: resize me!", run: sky }],
  ["court", { help: "walk about, pick up gold", run: court }],
  ["help", { help: "this list", run: (client) => tell(client, overview()) }],
  ["exit", { help: "leave", run: (client) => client.exit() }],
]);

const overview = (): string => [...commands].map(([name, { help }]) => `  ${bold(name.padEnd(8))}${help}`).join("\n");

// The hall: who is there, and what they say. It appears above the line that somebody is typing.

const guests = (): readonly Guest[] => [...ssh.clients].filter((client) => client.interactive);
const othersThan = (client: Guest): readonly Guest[] => guests().filter((guest) => guest !== client);

function say(client: Guest, line: string): void {
  // What a visitor typed goes to the terminals of others, so its control characters are made visible.
  for (const other of othersThan(client)) tell(other, promptOf(client) + escapeControls(line));
  if (othersThan(client).length === 0) tell(client, dim("Only the ravens hear you. Open a second window!"));
}

function proclaim(client: Guest, deed: string): void {
  console.log(`${client.state.name} ${deed}`);
  for (const other of othersThan(client)) tell(other, dim(`* ${client.state.name} ${deed}`));
}

/** Shows a text: later, if something fills the window; without colours, if there is no terminal to show them. */
function tell(client: Guest, text: string): void {
  const { view } = client.state;
  if (!view) ssh.sendTo(client, client.pty ? text : stripAnsi(text));
  else if (view.missed.push(text) > 20) view.missed.shift();
}

function roll(): string {
  const lines = guests().map((guest) => {
    const { gold, view } = guest.state;
    return `  ${nameOf(guest)} ${dim((view?.place ?? "in the hall") + (gold > 0 ? `, with ${gold} gold` : ""))}`;
  });
  return lines.join("\n");
}

// The sky: drawn for the window of this visitor, whatever size that has just become.

function sky(client: Guest, signal: AbortSignal): Promise<number> {
  let tick = 0;
  return fillWindow(
    client,
    signal,
    "up on the tower",
    (size) => night(size, tick++),
    () => "leave",
  );
}

function night(size: Size, tick: number): string {
  const { width, height } = size;
  const { put, picture } = canvas(size);
  const paint = (rows: readonly string[], x: number, y: number, colour: number): void =>
    rows.forEach((row, dy) => put(row, x, y + dy, `38;5;${colour}`));
  const scatter = (seed: number): number => Math.abs(Math.sin(seed) * 10_000) % 1;
  for (let star = 1; star < (width * height) / 20; star++) {
    const grey = 239 + Math.abs(((tick + star * 7) % 32) - 16); // each twinkles in its own time
    paint([star % 9 === 0 ? "+" : "·"], scatter(star) * width, scatter(-star * 2) * (height - 1), grey);
  }
  const comet = (tick * 2) % (width * 3);
  for (let tail = 7; tail >= 0; tail--) paint(["•"], comet - tail * 2, 1 + (comet - tail * 2) / 6, 255 - tail * 2);
  paint(["▗▟▘", "█▌", "▝▜▖"], ((width * 0.7 + tick / 5) % (width + 6)) - 3, height / 8, 229);
  paint(castle(width), 0, height - 8, 233);
  const lights = castle(width).map((row) => row.replaceAll(/[^▪╫]/g, " "));
  paint(lights, 0, height - 8, 215);
  paint([`${width}×${height}, any key leads down`], 1, height - 1, 250);
  return `\x1b[48;5;17m${picture()}\x1b[m`;
}

// The courtyard: every key is a step, and all who walk there see each other.

const YARD = { width: 36, height: 8 };
const walkers = new Map<Guest, { x: number; y: number }>();
let coin = { x: 24, y: 3 };

async function court(client: Guest, signal: AbortSignal): Promise<number> {
  walkers.set(client, { x: 4 + ((client.state.colour * 7) % 28), y: 5 });
  try {
    return await fillWindow(client, signal, "in the court", yard, (key) => walk(client, key));
  } finally {
    walkers.delete(client);
  }
}

function walk(client: Guest, key: string): "stay" | "leave" {
  const at = walkers.get(client);
  if (!at || key === "q" || key === "escape") return "leave";
  const is = (...names: readonly string[]): number => Number(names.includes(key));
  at.x = within(YARD.width, at.x + is("right", "l", "d") - is("left", "h", "a"));
  at.y = within(YARD.height, at.y + is("down", "j", "s") - is("up", "k", "w"));
  if (at.x === coin.x && at.y === coin.y) {
    coin = { x: Math.floor(Math.random() * YARD.width), y: Math.floor(Math.random() * YARD.height) };
    client.bell();
    if (++client.state.gold % 5 === 0) proclaim(client, `has found ${client.state.gold} pieces of gold`);
  }
  return "stay";
}

function yard(size: Size): string {
  const { put, picture } = canvas(size);
  const left = Math.max(0, size.width / 2 - YARD.width / 2 - 1);
  const top = Math.max(0, size.height / 2 - YARD.height / 2 - 2);
  const edge = "─".repeat(YARD.width);
  const paving = Array.from({ length: YARD.height }, (_, y) => "·      ".repeat(9).slice(y * 3, y * 3 + YARD.width));
  const purses = [...walkers.keys()].map(({ state }) => `${state.name} ${state.gold}`).join("  ");
  const rows = [
    `╭${edge}╮`,
    ...paving.map((row) => `│${row}│`),
    `╰${edge}╯`,
    purses,
    "arrows, hjkl or wasd walk, q leaves",
  ];
  for (const [y, row] of rows.entries()) put(row, left, top + y, "2");
  put("$", left + 1 + coin.x, top + 1 + coin.y, "1");
  for (const [{ state }, at] of walkers) put(initialOf(state), left + 1 + at.x, top + 1 + at.y, styleOf(state));
  return picture();
}

const within = (end: number, at: number): number => Math.max(0, Math.min(end - 1, at));

// Looks: the terminal's own colours, which can be read on a dark background and on a light one.

const COLOURS = [32, 35, 34, 36, 31];

const bold = (text: string): string => `\x1b[1m${text}\x1b[m`;
const dim = (text: string): string => `\x1b[2m${text}\x1b[m`;
const styleOf = ({ colour }: Visitor): string => `1;${COLOURS[colour % COLOURS.length]}`;
const initialOf = ({ name }: Visitor): string => /^\w/.exec(name)?.[0].toUpperCase() ?? "@";
const nameOf = ({ state }: Guest): string => `\x1b[${styleOf(state)}m${state.name}\x1b[m`;
const promptOf = (client: Guest): string => `${nameOf(client)} ${dim("»")} `;

/** A picture of a window's size: what is put beyond its edges is cut off. */
function canvas({ width, height }: Size): { put: Put; picture: () => string } {
  const rows = Array.from({ length: height }, () => Array.from({ length: width }, () => " "));
  const put: Put = (text, x, y, style) => {
    const row = rows[Math.floor(y)] ?? [];
    for (const [dx, glyph] of Array.from(text).entries()) {
      const column = Math.floor(x) + dx;
      if (glyph !== " " && column in row) row[column] = `\x1b[${style}m${glyph}\x1b[22;39m`;
    }
  };
  const picture = (): string => {
    const text = rows.map((row) => row.join("")).join("\n");
    return ansi.cursorTo(0, 0) + text.replaceAll(/(?<=(\x1b\[[\d;]+m).)\x1b\[22;39m\1/g, ""); // one style for many cells
  };
  return { put, picture };
}

/** The castle, with walls as long as the window is wide. */
function castle(width: number): string[] {
  const rows = [
    "  |>                 |>  ",
    "█▄█▄█               █▄█▄█",
    "▜███▛               ▜███▛",
    "▐█▪█▌▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄▐█▪█▌",
    "▐███▌███████████████▐███▌",
    "▐███▌████▛▀▀▀▀▀▜████▐███▌",
    "▐███▌████▌╫╫╫╫╫▐████▐███▌",
  ];
  const side = Math.max(0, (width - 25) / 2);
  const walls = ["", "", "", "", "▄ ", "█", "█"].map((stones) => stones.repeat(Math.ceil(side)));
  const [left, right] = [Math.floor(side), Math.ceil(side)];
  return rows.map((row, y) => walls[y]!.slice(0, left).padStart(left) + row + walls[y]!.slice(0, right));
}

/**
 * Gives the visitor's window to a picture, drawn again and again on the terminal's second screen, until a key says to
 * leave. Whatever ends it, the first screen comes back.
 */
async function fillWindow(
  client: Guest,
  signal: AbortSignal,
  place: string,
  paint: (size: Size) => string,
  onKey: (name: string) => "stay" | "leave",
): Promise<number> {
  if (!client.pty) {
    client.stderr.write("This needs a terminal.\n");
    return 1;
  }
  // A client may claim a window of any size, and a picture costs by the cell.
  const size = (): Size => ({ width: Math.min(client.window.width, 300), height: Math.min(client.window.height, 100) });
  const view = { place, draw: () => client.send(paint(size())), missed: [] };
  client.state.view = view;
  client.send(ansi.ENTER_ALTERNATE_SCREEN + ansi.HIDE_CURSOR);
  void animate(client, view);
  try {
    while (onKey((await client.key({ signal })).name) === "stay") view.draw();
    return 0;
  } finally {
    client.state.view = undefined;
    client.send(ansi.SHOW_CURSOR + ansi.LEAVE_ALTERNATE_SCREEN);
    for (const text of view.missed) tell(client, text);
  }
}

async function animate(client: Guest, view: Visitor["view"]): Promise<void> {
  while (client.state.view === view) {
    view?.draw();
    await client.drained(); // who reads slowly gets fewer pictures, not a heap of them
    await sleep(120);
  }
}

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void ssh.close({ message: "The gate closes." }));

const { port } = await ssh.run({ port: Number(process.env["PORT"] ?? 2222) }).catch((error: Error) => {
  console.error(error.message); // a port in use, say: the message names the thing and the remedy
  process.exit(1);
});
for (const key of ssh.hostKeys) console.log(`The host key is ${key.type} ${key.fingerprint}.`);
console.log(`The gate is open. In another window: ssh -p ${port} localhost`);
