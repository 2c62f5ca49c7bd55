/**
 * A picture that all visitors paint: `ssh -p 2222 localhost`, and drag the mouse. The wheel takes another colour, the right
 * button wipes, q leaves.
 */
import { ansi, Server } from "sallyport";
import type { Client, Mouse } from "sallyport";

const [WIDTH, HEIGHT] = [200, 60];
const ssh = new Server({ allowAnyone: true, inputSystem: false });
const painters = new Set<Client>();
const picture = new Map<string, string>();

ssh.onUser("connect", async (client) => {
  if (client.pty === undefined) {
    client.sendln("Painting needs a terminal.");
    return client.exit(1);
  }
  painters.add(client);
  client.send(ansi.ENTER_ALTERNATE_SCREEN + ansi.HIDE_CURSOR);
  show(client);
  let colour = 1;
  let last: Mouse | undefined;
  try {
    for await (const event of client.input({ mouse: "drag" })) {
      if (event.type === "key") {
        if (event.name === "q") break;
      } else if (event.action === "wheel") {
        colour = (colour % 7) + 1;
      } else {
        const dot = event.button === "right" ? " " : `\x1b[3${colour}m█\x1b[m`;
        stroke(event.action === "press" ? event : (last ?? event), event, dot);
        last = event;
      }
    }
  } finally {
    painters.delete(client);
    client.close();
  }
});

ssh.onUser("resized", show);

/** Paints a line: a fast hand leaves cells out. */
function stroke(from: Mouse, to: Mouse, dot: string): void {
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1);
  for (let step = 0; step <= Math.min(steps, WIDTH); step++) {
    const x = Math.round(from.x + ((to.x - from.x) * step) / steps);
    const y = Math.round(from.y + ((to.y - from.y) * step) / steps);
    if (x >= WIDTH || y >= HEIGHT) continue;
    picture.set(ansi.cursorTo(x, y), dot);
    for (const painter of painters) painter.send(ansi.cursorTo(x, y) + dot);
  }
}

function show(client: Client): void {
  client.send(ansi.CLEAR_SCREEN + [...picture].map(([at, dot]) => at + dot).join(""));
}

await ssh.run({ port: 2222 });
