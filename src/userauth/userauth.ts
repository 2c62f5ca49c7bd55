import { signatureAlgorithms } from "../crypto/index.ts";
import { DisconnectReason, messages, ProtocolError } from "../wire/index.ts";
import { keyboardInteractive, readResponses } from "./keyboard-interactive.ts";
import { failure, unusable } from "./method.ts";
import type { Attempt, Method } from "./method.ts";
import { methodNames, methods } from "./methods.ts";
import type { AuthRequest, AuthVerdict } from "./policy.ts";
import { userauthTable } from "./state.ts";
import type { Judging, State, UserauthState } from "./state.ts";
import { userNameFault } from "./text.ts";

export interface UserauthOptions {
  /** The methods to offer, in the order in which a FAILURE lists them; never `none`. */
  readonly methods: readonly string[];
  /** Failed attempts of one connection; the last one is answered by a disconnect. 6 unless told. */
  readonly maxAttempts?: number;
  /** Requests and keyboard-interactive answers of one connection, whatever came of them. 32 unless told. */
  readonly maxRequests?: number;
  /** The signature algorithms that publickey takes: those of `server-sig-algs`. All that there are unless told. */
  readonly signatureAlgorithms?: readonly string[];
}

/** The connection as a login sees it. */
export interface UserauthLink {
  send(payload: Uint8Array): void;
  /** The exchange hash of the first key exchange (RFC 4253 §7.2). */
  readonly sessionId: Uint8Array;
  /** The blob of the host key of the first key exchange. */
  readonly hostKey: Uint8Array;
}

/** Whoever decides. */
export interface UserauthSink {
  /** Exactly one {@link Userauth.answer} must follow, at once or later. */
  authenticate(request: AuthRequest): void;
  /** The user is in; SUCCESS has been sent. `method` is that of the last step. */
  authenticated(user: string, method: string): void;
}

const SERVICE = "ssh-connection";
const MAX_BANNER_LENGTH = 64 * 1024;

/**
 * The server's side of one login.
 *
 * It reads messages 50 to 79 after the service `ssh-userauth` was accepted, asks the {@link UserauthSink} about each
 * attempt, and tells the client what came of it. What breaks the protocol, and the attempt that is one too many, throws
 * ProtocolError out of {@link receive} or {@link answer}; nothing is accepted afterwards.
 */
export class Userauth {
  readonly #link: UserauthLink;
  readonly #sink: UserauthSink;
  readonly #maxAttempts: number;
  readonly #maxRequests: number;
  readonly #signatureAlgorithms: readonly string[];
  #state: State = { name: "open", changeAsked: false };
  /** The methods that can continue; a partial success changes them. */
  #offered: readonly string[];
  #partial = false;
  /** Who logs in, from the first request on. */
  #user: string | undefined;
  #requests = 0;
  #failures = 0;

  /** Throws RangeError when a method is not known. */
  constructor(options: UserauthOptions, link: UserauthLink, sink: UserauthSink) {
    for (const name of options.methods) {
      if (methodNames.has(name)) continue;
      throw new RangeError(`"${name}" cannot be offered; the methods are ${[...methodNames].join(", ")}`);
    }
    this.#offered = [...options.methods];
    this.#maxAttempts = options.maxAttempts ?? 6;
    this.#maxRequests = options.maxRequests ?? 32;
    this.#signatureAlgorithms = options.signatureAlgorithms ?? signatureAlgorithms;
    this.#link = link;
    this.#sink = sink;
  }

  get state(): UserauthState {
    return this.#state.name;
  }

  /** A verdict is awaited: nothing may be received until it has come, or a message could run ahead of the login. */
  get pending(): boolean {
    return this.#state.name === "judging";
  }

  /** Takes a message of the client's; throws ProtocolError when it is out of place. Not to be called while pending. */
  receive(payload: Uint8Array): void {
    const state = this.#state;
    if (state.name === "judging") throw new Error("a message was handed in while a verdict is awaited");
    const number = payload[0]!;
    try {
      switch (userauthTable[state.name][number]) {
        case "request":
          return this.#request(payload);
        case "response":
          return this.#response(payload);
        case "ignore":
          return;
        default:
          throw new ProtocolError(`message ${number} has no place in the login's state ${state.name}`);
      }
    } catch (error) {
      this.#state = { name: "ended" };
      throw error;
    }
  }

  /**
   * Gives the verdict on `request`, the one that {@link UserauthSink.authenticate} was last called with; an
   * {@link AuthVerdict} that does not fit it is taken for a safe one that does.
   *
   * Throws ProtocolError when this failure was the last that is allowed, and Error when `request` is not the one that
   * waits: a verdict that comes late or twice must not settle another attempt (CVE-2024-45337).
   */
  answer(request: AuthRequest, verdict: AuthVerdict): void {
    const state = this.#state;
    if (state.name !== "judging" || state.request !== request) {
      throw new Error("a verdict came for an attempt that does not await one");
    }
    const outcome = request.method === "unusable" ? failure : (state.method?.settle(request, verdict) ?? failure);
    switch (outcome.type) {
      case "success":
        this.#state = { name: "authenticated" };
        this.#link.send(messages.userauthSuccess.encode({}));
        return this.#sink.authenticated(request.user, request.method);
      case "partial":
        return this.#partialSuccess(state, outcome.methods);
      case "reply":
        this.#state = outcome.next;
        return this.#link.send(outcome.payload);
      case "failure":
        return this.#fail(state);
    }
  }

  /**
   * Shows `text` to the user before the login is decided; does nothing once it is (RFC 4252 §5.4). Throws RangeError
   * when `text` is over 64 KiB.
   */
  banner(text: string): void {
    const length = Buffer.byteLength(text);
    if (length > MAX_BANNER_LENGTH) {
      throw new RangeError(`the banner has ${length} bytes, the limit is ${MAX_BANNER_LENGTH}`);
    }
    if (this.#state.name === "authenticated" || this.#state.name === "ended") return;
    this.#link.send(messages.userauthBanner.encode({ text, language: "" }));
  }

  #request(payload: Uint8Array): void {
    const { user, service, method: name, data } = messages.userauthRequest.decode(payload);
    this.#count();
    const changeAsked = this.#state.name === "open" && this.#state.changeAsked;
    // A dialogue that the client walks away from was a try: else prompts could be answered and left without end.
    if (this.#state.name === "prompting") this.#countFailure();
    if (service !== SERVICE) {
      throw new ProtocolError("the service asked for is not ssh-connection", DisconnectReason.SERVICE_NOT_AVAILABLE);
    }
    // RFC 4252 §5: the state that was built up for one user must not serve another (CVE-2026-46705).
    if (user !== (this.#user ??= user)) throw new ProtocolError("the user name changed between two requests");

    // RFC 4252 §5.2: the usual first request asks for the list of methods; OpenSSH does not count it either.
    const free = name === "none" && this.#requests === 1;
    const method = methods.get(name);
    const fault = userNameFault(user);
    if (fault !== undefined) return this.#judge(unusable("", name, fault), undefined, free);
    if (method === undefined || !this.#isOffered(method)) {
      return this.#judge(unusable(user, name, "the method is not known or not offered"), undefined, free);
    }
    const { sessionId, hostKey } = this.#link;
    const signatureAlgorithms = this.#signatureAlgorithms;
    const attempt = { user, service, sessionId, hostKey, signatureAlgorithms, changeAsked };
    return this.#judge(decode(method, data, attempt), method, free);
  }

  #response(payload: Uint8Array): void {
    this.#count();
    if (this.#state.name !== "prompting") throw new Error("the table takes a response where no prompt is out");
    this.#judge(readResponses(payload, this.#state), keyboardInteractive, false);
  }

  #judge(request: AuthRequest, method: Method | undefined, free: boolean): void {
    this.#state = { name: "judging", request, method, free };
    this.#sink.authenticate(request);
  }

  /** `none` stands in no list: it may be tried as long as no step is done, which it would walk around. */
  #isOffered({ listedAs }: Method): boolean {
    return listedAs === undefined ? !this.#partial : this.#offered.includes(listedAs);
  }

  #partialSuccess(state: Judging, wanted: readonly string[]): void {
    const next = wanted.filter((name) => methodNames.has(name));
    if (next.length === 0) return this.#fail(state);
    this.#state = { name: "open", changeAsked: false };
    this.#partial = true;
    this.#offered = next;
    this.#link.send(messages.userauthFailure.encode({ methods: next, partialSuccess: true }));
  }

  #fail({ free }: Judging): void {
    this.#state = { name: "open", changeAsked: false };
    if (!free) this.#countFailure();
    this.#link.send(messages.userauthFailure.encode({ methods: this.#offered, partialSuccess: false }));
  }

  #count(): void {
    if (++this.#requests > this.#maxRequests) this.#giveUp("too many authentication requests");
  }

  #countFailure(): void {
    if (++this.#failures >= this.#maxAttempts) this.#giveUp("too many authentication failures");
  }

  #giveUp(message: string): never {
    this.#state = { name: "ended" };
    throw new ProtocolError(message, DisconnectReason.NO_MORE_AUTH_METHODS_AVAILABLE);
  }
}

function decode(method: Method, data: Uint8Array, attempt: Attempt): AuthRequest {
  try {
    return method.decode(data, attempt);
  } catch (error) {
    if (error instanceof ProtocolError) throw new ProtocolError(`${method.name}: ${error.message}`, error.reason);
    throw error;
  }
}
