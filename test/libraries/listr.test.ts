import "../../src/libraries/force-color.ts";
import type { ListrDefaultRendererLogLevels } from "listr2";
import { testPair } from "./pair.ts";

const { Listr, ListrLogger, ProcessOutput, DefaultRenderer } = await import("listr2");

testPair(
  "listr2 ticks off its tasks, given the session's streams",
  async (client) => {
    const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
      processOutput: new ProcessOutput(client.stdout, client.stderr),
    });
    const tasks = new Listr(
      [
        { title: `Dough for ${client.username}`, task: () => client.key().then(() => undefined) },
        { title: "Oven", task: (_, task) => void (task.title = "Oven at 300°") },
      ],
      {
        renderer: DefaultRenderer,
        rendererOptions: { logger },
        // It takes the fallback where the server's own output is no terminal.
        fallbackRenderer: DefaultRenderer,
        fallbackRendererOptions: { logger },
        registerSignalListeners: false,
      },
    );
    await tasks.run();
    client.sendln(`done for ${client.username}`);
  },
  async (visitor, name) => {
    await visitor.waitFor(new RegExp(`[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Dough for ${name}`));
    visitor.press("enter");
    await visitor.waitFor(`✔ Dough for ${name}`);
    await visitor.waitFor("✔ Oven at 300°");
    await visitor.waitFor(`done for ${name}`);
  },
);
