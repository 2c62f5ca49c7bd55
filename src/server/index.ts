/** The public API: servers, clients and their events, and the seams by which a door brings visitors in. */
export type {
  AuthAnswer,
  AuthAttempt,
  AuthMethod,
  AuthPrompt,
  KeyTouch,
  OfferedCertificate,
  OfferedKey,
} from "./auth.ts";
export { AbortError } from "./client/abort-error.ts";
export type { AbortCause } from "./client/abort-error.ts";
export { Client } from "./client/client.ts";
export type { EndReason, RunningCommand, SessionKind } from "./client/facts.ts";
export type { CommandResult } from "./client/command.ts";
export type { ClientCursor } from "./client/client-output.ts";
export { divert } from "./divert/diversion.ts";
export type { Diversion } from "./divert/diversion.ts";
export { Progress } from "./live/progress.ts";
export type { ProgressOptions } from "./live/progress.ts";
export { Spinner } from "./live/spinner.ts";
export type {
  AlertOptions,
  AskOptions,
  CheckboxOptions,
  ChooseOptions,
  Chosen,
  ConfirmOptions,
  DialogOptions,
  FormOptions,
  MenuItem,
  PageOptions,
  PasswordOptions,
  PromptSignal,
} from "./prompts/options.ts";
export type { PageSource } from "./prompts/page.ts";
export type { InputOptions, MouseOptions } from "./prompts/watching.ts";
export { ConfigError } from "./config-error.ts";
export type { ConfigErrorCode } from "./config-error.ts";
export { Connection } from "./connection.ts";
export type { Algorithms, ConnectionControl, Endpoint, Identity, SocketInfo } from "./connection.ts";
export type { Unregister } from "./dispatcher.ts";
export type { Address, Departure, Door, Reception, Traffic } from "./door.ts";
export type {
  AuthData,
  AuthPrompter,
  AuthPromptOptions,
  AuthVerdict,
  Awaitable,
  BannerData,
  CommandContext,
  DefaultState,
  EventMap,
  EventName,
  InteractiveAuthData,
} from "./events.ts";
export type { Offence, PenaltyOptions, PenaltyTable } from "./gate/penalties.ts";
export { sourceOf } from "./gate/source.ts";
export { resolveLimits } from "./limits.ts";
export type { LimitOptions, Limits, NetBlock, RekeyLimit, StartupLimit } from "./limits.ts";
export type { BytePort, ByteReceiver } from "./input/byte-port.ts";
export type { CompletionAnswer, Completer, Highlighter, Suggester } from "./line/hooks.ts";
export type { HistoryStore, LineOptions } from "./line/options.ts";
export { matchesAddress } from "./login/address-match.ts";
export type { Authenticator } from "./login/authenticator.ts";
export type { Grant, Restrictions } from "./login/restrictions.ts";
export type { SessionSettings } from "./login/session-settings.ts";
export type { AttemptVerdict, LogDetails, LogEntry, LogEvent, LogLevel } from "./audit/entries.ts";
export { formatEntry, logTo, stderrLog } from "./log.ts";
export type { Log, LogLine, ObjectLogger } from "./log.ts";
export { resolveOptions } from "./options.ts";
export type { AlgorithmOptions, HostKeySource, Passphrase, ResolvedOptions, ServerOptions } from "./options.ts";
export { ServerCore } from "./server.ts";
export type { BroadcastOptions, CloseOptions, ListenOptions, OnUserDecorator } from "./server.ts";
export type { PtyData, Session, SessionEvents, WindowSize, X11Data } from "./session.ts";
export type { Middleware } from "./visit/middleware.ts";
export type { Program, Subsystem } from "./visit/venue.ts";
export { ansi, escapeControls, stringWidth, stripAnsi, table } from "../terminal/index.ts";
export type {
  Border,
  Candidate,
  Capabilities,
  Choice,
  ClientReadStream,
  ClientWriteStream,
  CompletionRequest,
  Completions,
  FormAnswers,
  FormField,
  FormFields,
  Key,
  Mouse,
  ProgressUnit,
  RawModeOptions,
  TableCell,
  TableColumn,
  TableOptions,
  TableRow,
  Validate,
} from "../terminal/index.ts";
