/** Takes the input of a session as it comes; the server calls it, and nothing is called after {@link ByteReceiver.closed}. */
export interface ByteReceiver {
  /**
   * Never empty. The receiver may keep the view, and must not change it; it tells {@link BytePort.consumed} when it is done. Nobody else needs
   * the memory then: where the bytes fill it, it may be freed.
   */
  data(bytes: Uint8Array): void;
  /** The client sends no more. */
  end(): void;
  /** All that was written has left, after a {@link BytePort.write} that returned false. */
  drained(): void;
  /** The session is over, whatever ended it. Once. */
  closed(): void;
}

/** Where a {@link ByteReceiver} writes, and gives room back to the client. After the end of the session both do nothing. */
export interface BytePort {
  /**
   * Sends bytes without copying them: they must not be changed until they have left. `true`: they have, with all that was written
   * before, and the memory is the caller's again. `false`: {@link ByteReceiver.drained} tells when. Nothing bounds what waits but the
   * caller, who stops to write when it is much.
   */
  write(bytes: Uint8Array): boolean;
  /** So many of the bytes that came are done with: the client may send that many more. */
  consumed(bytes: number): void;
}
