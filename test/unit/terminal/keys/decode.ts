import { KeyDecoder } from "../../../../src/terminal/keys/decoder.ts";
import type { KeyEvent } from "../../../../src/terminal/keys/key.ts";

/** The bytes of a text in UTF-8, or bytes. */
export function bytes(input: string | Uint8Array): Uint8Array {
  return typeof input === "string" ? Buffer.from(input) : input;
}

/** What a fresh decoder makes of chunks. */
export function decode(...chunks: (string | Uint8Array)[]): KeyEvent[] {
  const decoder = new KeyDecoder();
  return chunks.flatMap((chunk) => decoder.decode(bytes(chunk)));
}

/** The same, in short. */
export function shorts(...chunks: (string | Uint8Array)[]): string[] {
  return decode(...chunks).map(short);
}

/** An event in short: the text in quotes, or the chord; a paste in angle brackets; an unknown sequence behind "?". */
export function short(event: KeyEvent): string {
  switch (event.type) {
    case "paste":
      return `<${event.text}${event.last ? ">" : "…"}`;
    case "unknown":
      return `?${JSON.stringify(event.sequence)}`;
    case "mouse":
      return `${held(event)}${event.action} ${event.button} ${event.x},${event.y}`;
    case "focus":
      return event.focused ? "focus" : "blur";
    case "reply": {
      const { type: _type, sequence: _sequence, ...answer } = event;
      return JSON.stringify(answer);
    }
    case "key": {
      const after = event.event === undefined ? "" : ` ${event.event}`;
      return event.text !== "" ? `"${event.text}"${after}` : `${held(event)}${event.name}${after}`;
    }
  }
}

function held(event: { ctrl: boolean; alt: boolean; shift: boolean; super?: true }): string {
  const { ctrl, alt, shift, super: isSuper } = event;
  return `${isSuper ? "super+" : ""}${ctrl ? "ctrl+" : ""}${alt ? "alt+" : ""}${shift ? "shift+" : ""}`;
}

/** Every way to cut bytes in two, and one byte at a time. */
export function cuts(whole: Uint8Array): Uint8Array[][] {
  const inTwo = Array.from(whole, (_, at) => [whole.subarray(0, at), whole.subarray(at)]);
  return [...inTwo, Array.from(whole, (byte) => Uint8Array.of(byte))];
}
