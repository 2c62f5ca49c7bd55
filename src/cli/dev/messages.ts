/** What is told between `sallyport dev` and the app that it runs. */

/** A file of the app, and what was in it just before it was loaded; the hash is undefined when there is no such file. */
export interface LoadedFile {
  readonly path: string;
  readonly hash: string | undefined;
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
  /** It has loaded these files by itself, not as modules. */
  | { readonly type: "files"; readonly files: readonly LoadedFile[] }
  /** These are all files of its modules, and the folders in which a new file is a new module. */
  | { readonly type: "modules"; readonly files: readonly string[]; readonly folders: readonly string[] }
  /** Its modules have been brought up to their files. */
  | { readonly type: "refreshed"; readonly changes: readonly Change[] };

/** To the app: bring the modules up to their files. */
export interface ToApp {
  readonly type: "refresh";
}
