import type { Client } from "../../server/index.ts";
import type { Access } from "../access.ts";
import type { Parameter } from "../parameters/parameter.ts";
import type { Entry } from "../registry.ts";
import type { Row } from "./layout.ts";
import { rows, wrap } from "./layout.ts";
import { argumentPart, optionPart, usageOf } from "./usage.ts";

/** The heading of those that have none. */
const DEFAULT_CATEGORY = "Commands";
/** How wide a text is at most: longer lines are hard to read. */
const MAX_WIDTH = 100;

/** What is told of a place in the tree: of the root what there is, of a command how it is used. */
export async function helpFor<State>(
  client: Client<State>,
  place: Entry<State>,
  access: Access<State>,
): Promise<string> {
  const width = Math.min(client.window.width, MAX_WIDTH);
  const heading = (text: string): string => (client.terminal.colors > 1 ? `\x1b[1m${text}\x1b[22m` : text);
  const children = (await access.visible(place)).filter(({ definition }) => definition?.hidden !== true);
  const blocks =
    place.parent === undefined ? overview(children, width, heading) : details(place, children, width, heading);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

type Blocks = readonly (readonly string[])[];
type Heading = (text: string) => string;

function overview<State>(children: readonly Entry<State>[], width: number, heading: Heading): Blocks {
  const categories = Map.groupBy(children, ({ definition }) => definition?.category ?? DEFAULT_CATEGORY);
  const lists = [...categories].map(([category, members]) => [
    ...wrap(category, width).map(heading),
    ...rows(members.map(rowOf).toSorted(byName), width),
  ]);
  return [...lists, wrap("help <command> tells how one is used.", width)];
}

function details<State>(
  place: Entry<State>,
  children: readonly Entry<State>[],
  width: number,
  heading: Heading,
): Blocks {
  const { definition, path } = place;
  const below = section("Commands", children.map(rowOf).toSorted(byName), width, heading);
  if (definition === undefined) return [[`Usage: ${path.join(" ")} <command>`], ...below];
  const { summary, description, aliases = [], arguments: args = {}, options = {}, examples = [] } = definition;
  const opening = wrap(`Usage: ${usageOf(definition)}`, width);
  const also = aliases.length === 0 ? [] : wrap(`Also called ${aliases.join(", ")}.`, width);
  const paragraphs = [summary, ...(description ?? "").split(/\n{2,}/)].filter(
    (text) => text !== undefined && text !== "",
  );
  return [
    opening,
    ...paragraphs.map((text) => wrap(text ?? "", width)),
    ...(also.length === 0 ? [] : [also]),
    ...section("Arguments", parameterRows(args, argumentPart), width, heading),
    ...section("Options", parameterRows(options, optionPart), width, heading),
    ...below,
    ...section(
      "Examples",
      examples.map((line): Row => [line, ""]),
      width,
      heading,
    ),
  ];
}

function section(title: string, list: readonly Row[], width: number, heading: Heading): Blocks {
  return list.length === 0 ? [] : [[...wrap(title, width).map(heading), ...rows(list, width)]];
}

function rowOf<State>({ path, definition }: Entry<State>): Row {
  const name = [path.at(-1) ?? "", ...(definition?.aliases ?? [])].join(", ");
  return [definition?.run === undefined ? `${name} …` : name, definition?.summary ?? ""];
}

function parameterRows(
  parameters: Readonly<Record<string, Parameter<unknown>>>,
  part: (name: string, parameter: Parameter<unknown>) => string,
): readonly Row[] {
  return Object.entries(parameters).map(([name, parameter]) => {
    const notes = parameter.notes.length === 0 ? "" : `(${parameter.notes.join("; ")})`;
    return [part(name, parameter), [parameter.description ?? "", notes].filter((text) => text !== "").join(" ")];
  });
}

function byName([one]: Row, [other]: Row): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
