import { messages, ProtocolError } from "../wire/index.ts";
import type { ConnectionLink } from "./link.ts";

/** A request of the client that concerns the connection as a whole (RFC 4254 §4). */
export interface GlobalRequest {
  /** 1…64 printable US-ASCII characters. */
  readonly type: string;
  /** The fields that belong to the type. The receiver may keep the view. */
  readonly data: Uint8Array;
  /**
   * Answers, now or later; the first answer counts. Replies go out in the order of the requests, so that one without an
   * answer holds back those behind it. Does nothing when the client wants no reply.
   */
  reply(success: boolean, data?: Uint8Array): void;
}

/** Told how the client answered our request; at the end of the connection that is `false`. Called exactly once. */
export type GlobalReply = (success: boolean, data: Uint8Array) => void;

/** Requests of one client that may wait for their replies (security bar: no queue without an end). */
const MAX_OUTSTANDING = 128;
const EMPTY: Uint8Array = new Uint8Array(0);

/** Global requests in both directions, each with its replies in order (RFC 4254 §4). */
export class GlobalRequests {
  /** The client promised to open no more sessions (OpenSSH PROTOCOL 2.2). */
  noMoreSessions = false;
  readonly #link: ConnectionLink;
  readonly #handle: (request: GlobalRequest) => void;
  /** Requests of the client that want a reply, oldest first. */
  #owed: Owed[] = [];
  /** Our requests that want a reply, oldest first. */
  #awaited: GlobalReply[] = [];

  /** `handle` gets every request that the engine does not answer itself. */
  constructor(link: ConnectionLink, handle: (request: GlobalRequest) => void) {
    this.#link = link;
    this.#handle = handle;
  }

  /** SSH_MSG_GLOBAL_REQUEST */
  receive(payload: Uint8Array): void {
    const { type, wantReply, data } = messages.globalRequest.decode(payload);
    const request = new Owed(this, type, data);
    if (wantReply) {
      if (this.#owed.length === MAX_OUTSTANDING) {
        throw new ProtocolError(`more than ${MAX_OUTSTANDING} global requests wait for their replies`);
      }
      this.#owed.push(request);
    }
    switch (type) {
      // OpenSSH PROTOCOL 2.2
      case "no-more-sessions@openssh.com":
        this.noMoreSessions = true;
        return request.reply(true);
      // Any reply shows that we are alive. "" is a name that breaks the rules of names.
      case "keepalive@openssh.com":
      case "":
        return request.reply(false);
      default:
        return this.#handle(request);
    }
  }

  /** Sends a request, which asks for a reply if somebody wants to know of it. */
  send(type: string, data: Uint8Array, onReply: GlobalReply | undefined): void {
    this.#link.send(messages.globalRequest.encode({ type, wantReply: onReply !== undefined, data }));
    if (onReply !== undefined) this.#awaited.push(onReply);
  }

  /** SSH_MSG_REQUEST_SUCCESS and SSH_MSG_REQUEST_FAILURE: one that answers nothing is dropped. */
  replied(success: boolean, data: Uint8Array = EMPTY): void {
    this.#awaited.shift()?.(success, data);
  }

  /** Sends the replies that are known, up to the first request that has none. */
  flush(): void {
    while (this.#owed[0]?.answer !== undefined) this.#link.send(this.#owed.shift()!.answer!);
  }

  /** The connection is gone: nothing is sent any more. */
  ended(): void {
    this.#owed = [];
    for (const onReply of this.#awaited.splice(0)) onReply(false, EMPTY);
  }
}

class Owed implements GlobalRequest {
  readonly type: string;
  readonly data: Uint8Array;
  answer: Uint8Array | undefined;
  readonly #queue: GlobalRequests;

  constructor(queue: GlobalRequests, type: string, data: Uint8Array) {
    this.#queue = queue;
    this.type = type;
    this.data = data;
  }

  reply(success: boolean, data: Uint8Array = EMPTY): void {
    this.answer ??= success ? messages.requestSuccess.encode({ data }) : messages.requestFailure.encode({});
    this.#queue.flush();
  }
}
