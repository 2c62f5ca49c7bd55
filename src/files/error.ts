/** What a {@link FileError} is about. */
export type FileErrorCode =
  /** There is nothing of that name, or a part of the path is missing. */
  | "NOT_FOUND"
  /** It is there, or may be, and this user may not do that with it. */
  | "PERMISSION_DENIED"
  /** There is something of that name already. */
  | "EXISTS"
  /** A directory was needed, and something else stands there. */
  | "NOT_A_DIRECTORY"
  /** A file was needed, and a directory stands there. */
  | "IS_A_DIRECTORY"
  /** A directory with something in it cannot be removed or replaced. */
  | "NOT_EMPTY"
  /** The disk is full. */
  | "NO_SPACE"
  /** This user has used up what is theirs, in bytes or in entries. */
  | "QUOTA"
  /** The path, the name, the position or the attribute can never be right. */
  | "INVALID"
  /** This file system cannot do that. */
  | "UNSUPPORTED"
  /** Links lead to links without an end. */
  | "LOOP"
  /** The two names belong to two file systems: nothing can be moved or linked between them at once. */
  | "CROSS_DEVICE"
  /** Anything else. */
  | "FAILURE";

/** What the client reads, when whoever throws says nothing better. */
const TEXTS: Readonly<Record<FileErrorCode, string>> = {
  NOT_FOUND: "No such file or directory",
  PERMISSION_DENIED: "Permission denied",
  EXISTS: "A file of that name exists already",
  NOT_A_DIRECTORY: "Not a directory",
  IS_A_DIRECTORY: "Is a directory",
  NOT_EMPTY: "The directory is not empty",
  NO_SPACE: "No space is left on the device",
  QUOTA: "The quota is used up",
  INVALID: "Not a valid argument",
  UNSUPPORTED: "This file system cannot do that",
  LOOP: "Too many levels of symbolic links",
  CROSS_DEVICE: "The two names are on different file systems",
  FAILURE: "The file system has failed",
};

/**
 * How a {@link FileSystem} says no. The client reads the message, so it never tells where a virtual path lies in
 * truth. What a file system throws that is no `FileError` reaches the client as `FAILURE` without its text, and the server's log
 * with it.
 */
export class FileError extends Error {
  override readonly name = "FileError";
  readonly code: FileErrorCode;

  /** @param message what the client reads; by default a sentence that fits the code. */
  constructor(code: FileErrorCode, message: string = TEXTS[code], options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** How something is refused that a client has sent and that can never be right. @param text for the client. */
export function refusal(text: string): FileError {
  return new FileError("INVALID", text);
}

/** Whether this is how a file system says no, with this code. */
export function failedWith(error: unknown, code: FileErrorCode): boolean {
  return error instanceof FileError && error.code === code;
}

/** What is asked for; undefined for what is `NOT_FOUND`. */
export async function unlessMissing<Value>(ask: () => Value): Promise<Awaited<Value> | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (failedWith(error, "NOT_FOUND")) return undefined;
    throw error;
  }
}
