import { Msg } from "../wire/index.ts";

/**
 * What a channel is to the engine when a message for its id arrives.
 *
 * - `absent`: no channel has this id, or no longer;
 * - `deciding`: the client asked for it and has no answer yet, so that it cannot know the id;
 * - `opening`: we asked for it and wait for the client's answer;
 * - `open`: both sides may send;
 * - `ended`: the client sent EOF: it sends no more data, but takes ours (RFC 4254 §5.3: EOF is one-way);
 * - `closing`: we sent CLOSE and wait for the client's; what crossed it on the way is void.
 */
export type ChannelState = "absent" | "deciding" | "opening" | "open" | "ended" | "closing";

/** What becomes of a message: it is handled, dropped, or it ends the connection. */
export type Verdict = "take" | "drop" | "refuse";

/** One message: either it belongs to the connection as a whole, or it names a channel, whose state decides. */
export type Row = "connection" | Readonly<Record<ChannelState, Verdict>>;

const row = (
  absent: Verdict,
  deciding: Verdict,
  opening: Verdict,
  open: Verdict,
  ended: Verdict,
  closing: Verdict,
): Row => ({ absent, deciding, opening, open, ended, closing });

/**
 * Every message of RFC 4254 in every state of a channel. A number that is missing is answered with UNIMPLEMENTED.
 *
 * A message for a channel that does not exist ends the connection, except where correct clients send it too: a window
 * adjust or a reply that was on its way when the channel closed is dropped (OpenSSH does the same).
 */
export const table: ReadonlyMap<number, Row> = new Map<number, Row>([
  [Msg.GLOBAL_REQUEST, "connection"],
  [Msg.REQUEST_SUCCESS, "connection"],
  [Msg.REQUEST_FAILURE, "connection"],
  [Msg.CHANNEL_OPEN, "connection"],
  //                                       absent    deciding  opening   open      ended     closing
  [Msg.CHANNEL_OPEN_CONFIRMATION, /*  */ row("refuse", "refuse", "take", "refuse", "refuse", "refuse")],
  [Msg.CHANNEL_OPEN_FAILURE, /*       */ row("refuse", "refuse", "take", "refuse", "refuse", "refuse")],
  [Msg.CHANNEL_WINDOW_ADJUST, /*      */ row("drop", "refuse", "refuse", "take", "take", "drop")],
  [Msg.CHANNEL_DATA, /*               */ row("refuse", "refuse", "refuse", "take", "drop", "drop")],
  [Msg.CHANNEL_EXTENDED_DATA, /*      */ row("refuse", "refuse", "refuse", "take", "drop", "drop")],
  [Msg.CHANNEL_EOF, /*                */ row("refuse", "refuse", "refuse", "take", "drop", "drop")],
  [Msg.CHANNEL_CLOSE, /*              */ row("refuse", "refuse", "refuse", "take", "take", "take")],
  [Msg.CHANNEL_REQUEST, /*            */ row("refuse", "refuse", "refuse", "take", "take", "drop")],
  [Msg.CHANNEL_SUCCESS, /*            */ row("drop", "refuse", "refuse", "take", "take", "drop")],
  [Msg.CHANNEL_FAILURE, /*            */ row("drop", "refuse", "refuse", "take", "take", "drop")],
]);
