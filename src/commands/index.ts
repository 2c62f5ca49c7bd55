/** Commands: a router for what users type, with typed arguments and options, help, completion, permissions and sudo. */
export { Commands } from "./commands.ts";
export { command } from "./definition.ts";
export type { Arguments, CommandDefinition, CommandValues, Options, RunContext } from "./definition.ts";
export { quoteWord } from "./line/quote.ts";
export { splitWords } from "./line/split.ts";
export { ModuleError } from "./modules/error.ts";
export type { ModuleErrorCode, ModuleErrorOptions } from "./modules/error.ts";
export type { ModuleChange, ModuleInfo, ModuleStatus } from "./modules/info.ts";
export { defineModule } from "./modules/module.ts";
export type { Module, ModuleContext, ModuleEvents, ModulePart, TeardownReason } from "./modules/module.ts";
export { Modules } from "./modules/modules.ts";
export type { ModulesOptions } from "./modules/modules.ts";
export type { CommandTable } from "./modules/registration.ts";
export type { CommandsOptions, May, SudoJudge, SudoOptions } from "./options.ts";
export { choice, custom, integer, number, text } from "./parameters/kinds.ts";
export type { CustomOptions, NumberOptions, TextOptions } from "./parameters/kinds.ts";
export { flag, list } from "./parameters/many.ts";
export { verbatim } from "./parameters/verbatim.ts";
export type { RestParameter, VerbatimOptions } from "./parameters/verbatim.ts";
export type { FlagOptions, FlagParameter, ListOptions, ListParameter } from "./parameters/many.ts";
export type { OneParameter } from "./parameters/one.ts";
export type {
  CompleteValue,
  Completing,
  Given,
  Parameter,
  ParameterOptions,
  Reading,
  ValueOptions,
  ValueParameter,
} from "./parameters/parameter.ts";
export { UsageError } from "./parse/usage-error.ts";
export type { UsageErrorCode } from "./parse/usage-error.ts";
export type { AfterCommand, BeforeCommand, CommandCall, CommandMiddleware, CommandOutcome } from "./run/call.ts";
export type {
  AccountAdministration,
  AdministeredAccount,
  AdministeredKey,
  AdministeredLogin,
} from "./system/account/administration.ts";
export type { SystemCommand, SystemOptions } from "./system/options.ts";
export { systemCommands } from "./system/system.ts";
