/** Why a line of a file is not used; it never quotes the line. */
export class LineFault extends Error {
  override readonly name = "LineFault";
}

/** A {@link LineFault} and the line's number, from 1 on. */
export interface NumberedFault {
  readonly line: number;
  readonly why: string;
}
