import type { MenuMove } from "./menu.ts";

/** What a key does while the menu is open; text narrows it. */
export type MenuKey = MenuMove | "accept" | "leave" | "narrow";

/** The keys of the menu. Any other key takes what is chosen, closes the menu, and then does what it does. */
export const MENU_KEYS: ReadonlyMap<string, MenuKey> = new Map<string, MenuKey>([
  ["tab", "next"],
  ["shift+tab", "previous"],
  ["down", "next"],
  ["ctrl+n", "next"],
  ["up", "previous"],
  ["ctrl+p", "previous"],
  ["left", "left"],
  ["right", "right"],
  ["pageup", "page-up"],
  ["pagedown", "page-down"],
  ["return", "accept"],
  ["enter", "accept"],
  ["space", "accept"],
  ["backspace", "narrow"],
  ["escape", "leave"],
  ["ctrl+g", "leave"],
]);
