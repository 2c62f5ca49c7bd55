import type { Key, Paste } from "../keys/key.ts";
import type { Edit } from "./buffer/line.ts";
import type { Material } from "./display/composition.ts";
import type { Size } from "./display/view.ts";

/** What became of a key. */
export interface Turn {
  /** What was done to the line. */
  readonly edit: Edit;
  /** Whether the mode goes on; it is over otherwise, and with "pass" the key is still to do what it is for. */
  readonly next: "stay" | "leave" | "pass";
}

/** What has the keys for a while, in place of the keymap: a search, a menu. */
export interface Mode {
  key(key: Key): Turn;
  paste(paste: Paste): Turn;
  /** What is to be shown meanwhile, made of the line as it is. A mode without it changes nothing on the screen. */
  material?(base: Material, size: Size): Material;
  /** It is over, whatever ended it. */
  end(): void;
}
