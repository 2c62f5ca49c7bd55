import { graphemes } from "../text/graphemes.ts";
import type { KeyEvent } from "./key.ts";
import { PasteCollector } from "./paste.ts";
import { ASCII, control, ESCAPE, typed } from "./plain-keys.ts";
import { stringReply } from "./reply.ts";
import { eventOf, sequenceEnd } from "./sequences.ts";
import { characterLength, decodeUtf8, unfinishedTail } from "./utf8.ts";

/** What the bytes at hand belong to; each state has its one function. */
type State = "keys" | "paste" | "string" | "overlong";

/** A step over some bytes: the offset to go on from, or WAIT for more bytes. */
type Step = number;

const WAIT = -1;

const LF = 0x0a;
const CR = 0x0d;
const BEL = 0x07;
const ESC = 0x1b;
const DEL = 0x7f;
const SPACE = 0x20;
const BACKSLASH = 0x5c;

/** No key has a sequence near as long, not even one that spells out the text of its emoji; what is longer is dropped. */
const MAX_SEQUENCE = 256;
/** For what a terminal answers in a string (OSC, DCS); what is longer is dropped. */
const MAX_STRING = 1024;

const PASTE_BEGINS = "\x1b[200~";
const PASTE_ENDS = "\x1b[201~";

/** What may follow an ESC that came alone so far: these open a sequence, though Alt with that key sends the same. */
const INTRODUCERS = /^\x1b{1,2}[[O\]PX^_]?$/;

const NOTHING = new Uint8Array();

/**
 * Turns what a terminal sends into keys. Bytes may be cut anywhere: what is incomplete waits for the next ones, at most
 * 1 KiB of it (16 KiB inside a paste), and the work is linear in the bytes. However they are cut, the keys are the same,
 * except that a grapheme cluster of several code points comes as several keys when it arrives in several chunks.
 *
 * The Escape key sends what every other sequence begins with. When {@link pending} is true after a chunk, wait some
 * 50 ms, and if nothing came, call {@link flush}.
 */
export class KeyDecoder {
  #state: State = "keys";
  /** The beginning of something whose end has not come; never more than a sequence long. */
  #held: Uint8Array = NOTHING;
  #isAfterReturn = false;
  #string = "";
  #paste: PasteCollector | undefined;

  /** Whether what came last may be the Escape key alone, or Alt with a key that also opens a sequence. */
  get pending(): boolean {
    if (this.#state === "string") return this.#held.length > 0;
    return this.#state === "keys" && this.#held.length <= 3 && INTRODUCERS.test(decodeUtf8(this.#held));
  }

  /** The keys that end in this chunk, in order. The bytes are not kept. */
  decode(chunk: Uint8Array): KeyEvent[] {
    const events: KeyEvent[] = [];
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const step = this.#step(bytes, at, events);
      if (step === WAIT) break;
      at = step;
    }
    this.#held = at < bytes.length ? new Uint8Array(bytes.subarray(at)) : NOTHING;
    return events;
  }

  /** Nothing followed in time: what is {@link pending} is taken for the keys themselves. */
  flush(): KeyEvent[] {
    if (!this.pending) return [];
    const text = decodeUtf8(this.#held);
    this.#held = NOTHING;
    this.#state = "keys";
    const introducer = text.replaceAll("\x1b", "");
    const escapes = text.length - introducer.length;
    if (introducer === "") return Array.from({ length: escapes }, () => ESCAPE);
    const last = typed(introducer, true);
    return escapes === 1 ? [last] : [ESCAPE, last];
  }

  #step(bytes: Uint8Array, at: number, events: KeyEvent[]): Step {
    switch (this.#state) {
      case "keys":
        return this.#key(bytes, at, events);
      case "paste":
        return this.#pasted(bytes, at, events);
      case "string":
        return this.#stringBytes(bytes, at, events);
      case "overlong":
        return this.#overlong(bytes, at);
    }
  }

  #key(bytes: Uint8Array, at: number, events: KeyEvent[]): Step {
    const byte = bytes[at] ?? 0;
    const isSecondHalf = byte === LF && this.#isAfterReturn;
    this.#isAfterReturn = byte === CR;
    // CR LF is one Enter, from a client that ends its lines as files on Windows do.
    if (isSecondHalf) return at + 1;
    if (byte === ESC) return this.#escape(bytes, at, events);
    if (byte < SPACE || byte === DEL) {
      events.push(control(byte, false));
      return at + 1;
    }
    return typedText(bytes, at, events);
  }

  #escape(bytes: Uint8Array, at: number, events: KeyEvent[]): Step {
    const second = bytes[at + 1];
    if (second === undefined) return WAIT;
    if (second === ESC) {
      // rxvt and others put a further ESC before the sequence of a key when Alt is held.
      const third = bytes[at + 2];
      if (third === undefined) return WAIT;
      if (third === 0x5b || third === 0x4f) return this.#sequence(bytes, at, 3, events);
      events.push(ESCAPE);
      return at + 1;
    }
    if (second < SPACE || second === DEL) {
      events.push(control(second, true));
      return at + 2;
    }
    const introducer = String.fromCharCode(second);
    if ("[O".includes(introducer)) return this.#sequence(bytes, at, 2, events);
    if ("]PX^_".includes(introducer)) {
      if (bytes.length === at + 2) return WAIT;
      this.#state = "string";
      this.#string = `\x1b${introducer}`;
      return at + 2;
    }
    const length = characterLength(bytes, at + 1);
    if (length === 0) return WAIT;
    events.push(typed(decodeUtf8(bytes.subarray(at + 1, at + 1 + length)), true));
    return at + 1 + length;
  }

  /** A sequence from its ESC at `at`, with `prefix` bytes up to and including `[` or `O`. */
  #sequence(bytes: Uint8Array, at: number, prefix: number, events: KeyEvent[]): Step {
    const end = sequenceEnd(bytes, at + prefix);
    if (end === undefined) {
      if (bytes.length - at <= MAX_SEQUENCE) return WAIT;
      this.#state = "overlong";
      return at + prefix;
    }
    if (end - at > MAX_SEQUENCE) return end;
    const whole = latin1(bytes.subarray(at, end));
    const sequence = whole.slice(prefix - 2);
    const isDoubled = sequence !== whole;
    if (sequence === PASTE_BEGINS) {
      if (isDoubled) events.push(ESCAPE);
      this.#state = "paste";
      this.#paste = new PasteCollector();
      return end;
    }
    const event = eventOf(sequence) ?? { type: "unknown", sequence };
    if (!isDoubled) events.push(event);
    else if (event.type === "key") events.push({ ...event, alt: true, text: "", sequence: whole });
    else events.push(ESCAPE, event);
    return end;
  }

  /** Drops the rest of a sequence that grew too long, up to and including its final byte. */
  #overlong(bytes: Uint8Array, at: number): Step {
    const byte = bytes[at] ?? 0;
    if (byte >= SPACE && byte < 0x40) return at + 1;
    this.#state = "keys";
    return byte >= 0x40 && byte < DEL ? at + 1 : at;
  }

  /** OSC, DCS, SOS, PM, APC: an answer from the terminal, up to BEL or ST. Any other control character is a key again. */
  #stringBytes(bytes: Uint8Array, at: number, events: KeyEvent[]): Step {
    let end = at;
    while (end < bytes.length && (bytes[end] ?? 0) >= SPACE) end++;
    const room = MAX_STRING - this.#string.length;
    if (room >= 0) this.#string += latin1(bytes.subarray(at, Math.min(end, at + room + 1)));
    if (end > at) return end;
    const isTerminator = bytes[at] === ESC;
    if (isTerminator && bytes.length === at + 1) return WAIT;
    this.#state = "keys";
    const length = bytes[at] === BEL ? 1 : isTerminator && bytes[at + 1] === BACKSLASH ? 2 : 0;
    if (length > 0 && this.#string.length <= MAX_STRING) {
      const terminator = latin1(bytes.subarray(at, at + length));
      const sequence = decodeUtf8(Buffer.from(this.#string + terminator, "latin1"));
      events.push(stringReply(sequence) ?? { type: "unknown", sequence });
    }
    this.#string = "";
    return at + length;
  }

  #pasted(bytes: Uint8Array, at: number, events: KeyEvent[]): Step {
    const paste = this.#paste ?? new PasteCollector();
    const escape = bytes.indexOf(ESC, at);
    const end = escape < 0 ? bytes.length : escape;
    if (end > at) {
      paste.add(bytes.subarray(at, end), events);
      return end;
    }
    const ahead = latin1(bytes.subarray(at, at + PASTE_ENDS.length));
    if (ahead === PASTE_ENDS) {
      paste.end(events);
      this.#paste = undefined;
      this.#state = "keys";
      return at + PASTE_ENDS.length;
    }
    if (PASTE_ENDS.startsWith(ahead)) return WAIT;
    paste.add(bytes.subarray(at, at + 1), events);
    return at + 1;
  }
}

/** Text from an offset up to the next control character, as keys. */
function typedText(bytes: Uint8Array, at: number, events: KeyEvent[]): Step {
  let end = at;
  // Every character of ASCII is a cluster of its own, unless something else follows.
  let all = 0;
  for (; end < bytes.length; end++) {
    const byte = bytes[end] ?? 0;
    if (byte < SPACE || byte === DEL) break;
    all |= byte;
  }
  if (all < 0x80) {
    for (let index = at; index < end; index++) {
      const key = ASCII[bytes[index] ?? 0];
      if (key !== undefined) events.push(key);
    }
    return end;
  }
  if (end === bytes.length) end -= unfinishedTail(bytes, at, end);
  if (end === at) return WAIT;
  for (const grapheme of graphemes(decodeUtf8(bytes.subarray(at, end)))) events.push(typed(grapheme, false));
  return end;
}

/** One character a byte. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
