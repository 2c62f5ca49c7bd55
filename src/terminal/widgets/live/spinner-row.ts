import { accent } from "../theme.ts";
import type { LiveContext, LiveItem } from "./live.ts";

/** How long a picture is shown, in milliseconds. */
const PICTURE_TIME = 100;

/** Something that turns while nobody knows how long it takes, and what it is. */
export class SpinnerRow implements LiveItem {
  text: string;

  constructor(text: string) {
    this.text = text;
  }

  row({ now, glyphs: { spin } }: LiveContext): string {
    return `${accent(spin[Math.floor(now / PICTURE_TIME) % spin.length] ?? "")} ${this.text}`;
  }
}
