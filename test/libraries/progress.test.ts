import "../../src/libraries/force-color.ts";
import assert from "node:assert/strict";
import { MultiBar, Presets, SingleBar } from "cli-progress";
import { testPair } from "./pair.ts";

const { default: ora } = await import("ora");

testPair(
  "ora spins, and leaves its last word",
  async (client) => {
    const spinner = ora({
      text: `baking for ${client.username}`,
      stream: client.stdout,
      isEnabled: true,
      discardStdin: false,
    });
    spinner.start();
    await client.key();
    spinner.succeed(`baked for ${client.username}`);
  },
  async (visitor, name) => {
    await visitor.waitFor(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] baking for/);
    visitor.press("enter");
    await visitor.waitFor(`✔ baked for ${name}`);
    assert.equal(visitor.screen.has("baking"), false);
    assert.equal(visitor.screen.styleOf("✔"), "green");
    await visitor.waitFor((screen) => screen.cursor.visible || undefined);
  },
);

testPair(
  "cli-progress shows one bar, and several at once",
  async (client) => {
    const bar = new SingleBar(
      { stream: client.stdout, format: "one {value}/{total}", clearOnComplete: false },
      Presets.legacy,
    );
    bar.start(4, 0);
    await client.key();
    bar.update(4);
    bar.stop();
    const bars = new MultiBar(
      { stream: client.stdout, format: "{name} {value}/{total}", gracefulExit: false },
      Presets.legacy,
    );
    const first = bars.create(2, 0, { name: "left" });
    const second = bars.create(3, 1, { name: "right" });
    await client.key();
    first.update(2);
    second.update(3);
    bars.stop();
    client.sendln(`\ndone for ${client.username}`);
  },
  async (visitor, name) => {
    await visitor.waitFor("one 0/4");
    visitor.press("enter");
    await visitor.waitFor("one 4/4");
    await visitor.waitFor("right 1/3");
    visitor.press("enter");
    await visitor.waitFor("left 2/2");
    await visitor.waitFor("right 3/3");
    await visitor.waitFor(`done for ${name}`);
  },
);
