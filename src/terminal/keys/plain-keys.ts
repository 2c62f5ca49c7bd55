import type { Key, KeyEvent } from "./key.ts";

/** The Escape key. */
export const ESCAPE: Key = Object.freeze(press("escape", "\x1b", {}));

/** The key that sends a control character (C0 or DEL), with Alt when an ESC came before it. */
export function control(byte: number, alt: boolean): Key {
  const { name, ...modifiers } = CONTROLS[byte] ?? { name: "backspace" };
  return press(name, (alt ? "\x1b" : "") + String.fromCharCode(byte), { ...modifiers, alt });
}

/** The keys that type printable ASCII, by its numbers; made once, as most of what comes is one of them. */
export const ASCII: readonly Key[] = Array.from({ length: 0x7f }, (_, code) =>
  Object.freeze(plain(String.fromCharCode(code), false)),
);

/** The key that types a grapheme cluster, with Alt when an ESC came before it; a C1 control character is no key. */
export function typed(text: string, alt: boolean): KeyEvent {
  return C1.test(text) ? { type: "unknown", sequence: (alt ? "\x1b" : "") + text } : plain(text, alt);
}

const C1 = /[\x80-\x9f]/;

function plain(text: string, alt: boolean): Key {
  const isCapital = text.length === 1 && text >= "A" && text <= "Z";
  const name = text === " " ? "space" : isCapital ? text.toLowerCase() : text;
  const sequence = (alt ? "\x1b" : "") + text;
  return { type: "key", name, text: alt ? "" : text, ctrl: false, alt, shift: isCapital, sequence };
}

/** Keys that have names of their own; 0x08 is Backspace on terminals whose erase character is ^H. */
const NAMED: Readonly<Record<number, string>> = {
  0x08: "backspace",
  0x09: "tab",
  0x0a: "enter",
  0x0d: "return",
  0x1b: "escape",
};

/** The other control characters are Ctrl with the character 64 places above; NUL is Ctrl-Space on today's keyboards. */
const CONTROLS: readonly { name: string; ctrl?: true }[] = Array.from({ length: 0x20 }, (_, code) => {
  const name = NAMED[code];
  if (name !== undefined) return { name };
  return { name: code === 0 ? "space" : String.fromCharCode(code + 0x40).toLowerCase(), ctrl: true };
});

function press(name: string, sequence: string, { ctrl = false, alt = false }: { ctrl?: boolean; alt?: boolean }): Key {
  return { type: "key", name, text: "", ctrl, alt, shift: false, sequence };
}
