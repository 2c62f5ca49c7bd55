import type { Reply } from "../keys/reply.ts";
import type { Capabilities } from "./capabilities.ts";
import { better, harmless, lightness } from "./capabilities.ts";
import { TERMINALS } from "./terminals.ts";

/** What the terminal has answered so far. */
interface Answers {
  version?: string;
  hasKeyboard?: true;
  background?: "dark" | "light";
  attributes?: readonly number[];
  modes: Map<number, boolean>;
  hasGraphics?: true;
}

type State =
  | { readonly type: "new" }
  /** A round of questions is under way. Answers come in the order of the questions, that to DA1 as the last of them. */
  | { readonly type: "first" | "second"; readonly open: Set<string> }
  | { readonly type: "over" };

/** How long a terminal may take to answer before nobody waits for it any more, in milliseconds. */
const PATIENCE = 1000;

const BRACKETED_PASTE = 2004;
const SYNCHRONIZED_OUTPUT = 2026;
const IMAGE = 31;
const SIXEL = 4;
/** DA1 of a terminal that speaks of itself in levels (61, 62, …) parses what comes as ECMA-48 says. */
const FIRST_LEVEL = 61;

/** Primary device attributes, which every terminal answers: what has no answer before this one has none. */
const FENCE = "\x1b[c";

/** XTVERSION, the state of the kitty keyboard, the colour of the background: what is not known is ignored everywhere. */
const FIRST = `\x1b[>q\x1b[?u\x1b]11;?\x1b\\${FENCE}`;
const FIRST_OPEN = ["version", "keyboard", "colour background", "attributes"];

/**
 * Two modes (DECRQM), and a picture of one pixel that is not shown (kitty's graphics). Terminal.app shows a `p` for the
 * one, and others the other, so that only terminals that gave proof of their manners in the first round are asked.
 */
const SECOND =
  `\x1b[?${SYNCHRONIZED_OUTPUT}$p\x1b[?${BRACKETED_PASTE}$p` +
  `\x1b_Gi=${IMAGE},s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\${FENCE}`;
const SECOND_OPEN = [`mode ${SYNCHRONIZED_OUTPUT}`, `mode ${BRACKETED_PASTE}`, `graphics ${IMAGE}`, "attributes"];

/**
 * Asks a terminal what it can do, and tells its answers from those that others have asked for. It sends nothing itself and
 * reads no clock.
 *
 *     const probe = new Probe(capabilitiesOf(term, env));
 *     channel.write(probe.begin(now));
 *     // for each reply that comes:
 *     const more = probe.take(reply); // undefined: not for us
 */
export class Probe {
  readonly #known: Capabilities;
  readonly #answers: Answers = { modes: new Map() };
  #state: State = { type: "new" };
  #deadline = 0;

  /** @param known what is known without asking. */
  constructor(known: Capabilities) {
    this.#known = known;
  }

  /** Whether answers to our questions may still come, however late. */
  get isOpen(): boolean {
    return this.#state.type === "first" || this.#state.type === "second";
  }

  /** When whoever waits should go on with what there is, in the time of {@link begin}. */
  get deadline(): number {
    return this.#deadline;
  }

  /** What is to be sent to the terminal. @param now in milliseconds, from whenever. */
  begin(now: number): string {
    this.#deadline = now + PATIENCE;
    this.#state = { type: "first", open: new Set(FIRST_OPEN) };
    return FIRST;
  }

  /** Takes an answer: undefined when it is none of ours, and otherwise what is to be sent next, mostly nothing. */
  take(reply: Reply): string | undefined {
    const state = this.#state;
    if (state.type === "new" || state.type === "over" || !state.open.delete(questionOf(reply))) return undefined;
    this.#note(reply);
    if (reply.about !== "attributes") return "";
    const goesOn = state.type === "first" && this.#isWellMannered;
    this.#state = goesOn ? { type: "second", open: new Set(SECOND_OPEN) } : { type: "over" };
    return goesOn ? SECOND : "";
  }

  /** What is known by now. */
  get capabilities(): Capabilities {
    const { version, hasKeyboard, attributes, modes, hasGraphics, background } = this.#answers;
    const [, name = "", number] = /^(.*?)(?:[ (]+v?(\d[^)]*)\)?)?$/.exec(version ?? "") ?? [];
    const program = name === "" ? undefined : TERMINALS.get(name.toLowerCase());
    const known = better(this.#known, program);
    // Terminals of today have all colours; what a multiplexer has depends on where it is shown.
    const depth = this.#isWellMannered && program?.isMultiplexer !== true ? 24 : known.colors;
    const hasSixels = attributes?.includes(SIXEL) === true && known.images === "none";
    return {
      ...known,
      colors: this.#known.colors === 1 ? 1 : depth,
      hyperlinks: known.hyperlinks || hasKeyboard === true,
      kittyKeyboard: hasKeyboard ?? (attributes === undefined && known.kittyKeyboard),
      bracketedPaste: modes.get(BRACKETED_PASTE) ?? known.bracketedPaste,
      synchronizedOutput: modes.get(SYNCHRONIZED_OUTPUT) ?? known.synchronizedOutput,
      images: hasGraphics === true ? "kitty" : hasSixels ? "sixel" : known.images,
      background: background ?? known.background,
      ...(name !== "" && { name }),
      ...(number !== undefined && { version: number }),
    };
  }

  /** Whether the terminal has answered like one of today. */
  get #isWellMannered(): boolean {
    const { version, hasKeyboard, attributes } = this.#answers;
    return version !== undefined || hasKeyboard === true || (attributes?.[0] ?? 0) >= FIRST_LEVEL;
  }

  #note(reply: Reply): void {
    const answers = this.#answers;
    switch (reply.about) {
      case "version":
        answers.version = harmless(reply.text);
        break;
      case "keyboard":
        answers.hasKeyboard = true;
        break;
      case "colour":
        answers.background = lightness(reply.red, reply.green, reply.blue) < 0.5 ? "dark" : "light";
        break;
      case "attributes":
        answers.attributes ??= reply.values;
        break;
      case "mode":
        // DECRPM: 0 is a mode that is not known, 4 one that can never be set.
        answers.modes.set(reply.mode, reply.setting >= 1 && reply.setting <= 3);
        break;
      case "graphics":
        if (reply.text === "OK") answers.hasGraphics = true;
        break;
      case "model":
      case "cursor":
      case "size":
      case "setting":
        break;
    }
  }
}

/** The question that a reply answers, as it stands in the lists above. */
function questionOf(reply: Reply): string {
  switch (reply.about) {
    case "mode":
      return `mode ${reply.mode}`;
    case "graphics":
      return `graphics ${reply.image}`;
    case "colour":
      return `colour ${reply.of}`;
    default:
      return reply.about;
  }
}
