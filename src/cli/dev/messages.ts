/** What is told between `sallyport dev` and the app that it runs. */

/** A file that was loaded. */
export interface LoadedFile {
  readonly path: string;
  /** What was in it just before; undefined when there is no such file. */
  readonly hash: string | undefined;
  /** Whether the app has loaded it by itself; or else modules alone have. */
  readonly isOfApp: boolean;
}

/** What became of a module. */
export interface Change {
  readonly name: string;
  readonly file: string;
  readonly change: "loaded" | "reloaded" | "unloaded" | "failed";
  /** Of one that failed: whether a version of before serves, and why it failed. */
  readonly serves: boolean;
  readonly why: string | undefined;
}

/** From the app. */
export type FromApp =
  /** These files were loaded, the first time or for the app itself. */
  | { readonly type: "files"; readonly files: readonly LoadedFile[] }
  /** These are all files of its modules, and the folders in which a new file is a new module. */
  | { readonly type: "modules"; readonly files: readonly string[]; readonly folders: readonly string[] }
  /** Its modules have been brought up to their files. */
  | { readonly type: "refreshed"; readonly changes: readonly Change[] };

/** To the app: bring the modules up to their files. */
export interface ToApp {
  readonly type: "refresh";
}
