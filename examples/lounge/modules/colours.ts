/** Colours, as many as the terminal has, and what becomes of an error. */
import type { Client } from "sallyport";
import { command, defineModule } from "sallyport/commands";
import type { Module } from "sallyport/commands";

const colours: Module = defineModule({
  name: "colours",
  description: "Shows colours, and fails",
  commands: [
    command({
      name: "colortest",
      summary: "Shades of red, green and blue",
      category: "Colours",
      run(client: Client) {
        const steps = Array.from({ length: 51 }, (_, step) => step * 5);
        for (const shade of [(n: number) => `${n};0;0`, (n: number) => `0;${n};0`, (n: number) => `0;0;${n}`]) {
          client.sendln(`${steps.map((step) => `\x1b[48;2;${shade(step)}m `).join("")}\x1b[m`);
        }
      },
    }),
    command({
      name: "errortest",
      summary: "Fails",
      category: "Colours",
      run() {
        throw new Error("hello error");
      },
    }),
  ],
});
export default colours;
