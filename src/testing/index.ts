/** Tests of servers and their apps: visitors who type, and see a screen, in memory or over the real OpenSSH. */
export { TestingError } from "./error.ts";
export type { TestingErrorCode } from "./error.ts";
export type { MouseButton } from "./mouse.ts";
export { exec, openPipe, openTerminal } from "./open.ts";
export type { ExecOptions, ExecResult, PipeOptions } from "./open.ts";
export { unavailable } from "./openssh/programs.ts";
export type { Listening, TerminalOptions, VisitorOptions, Way } from "./options.ts";
export { Pipe } from "./pipe.ts";
export type { PipePattern } from "./pipe.ts";
export type { TerminalProfile } from "./screen/profile.ts";
export type { Place, Screen } from "./screen/screen.ts";
export { Terminal } from "./terminal.ts";
export type { Pattern } from "./terminal.ts";
export { Visitor } from "./visitor.ts";
export type { WaitOptions } from "./visitor.ts";
