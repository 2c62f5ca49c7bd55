/** Logging in: the server's side of the authentication protocol (RFC 4252, RFC 4256) and its methods on the wire. */
export { Userauth } from "./userauth.ts";
export type { UserauthLink, UserauthOptions, UserauthSink } from "./userauth.ts";
export { userauthTable } from "./state.ts";
export type { UserauthState } from "./state.ts";
export type {
  AuthRequest,
  AuthVerdict,
  KeyboardInteractiveRequest,
  NoneRequest,
  PasswordRequest,
  PromptVerdict,
  PublicKeyRequest,
  UnusableRequest,
} from "./policy.ts";
