/** The numbers of SFTP version 3 (draft-ietf-secsh-filexfer-02), and the limits of this server. */

/** draft-02 §4: the version that is spoken here. */
export const VERSION = 3;

/** The types of packets (draft-02 §3). */
export const Packet = {
  INIT: 1,
  VERSION: 2,
  OPEN: 3,
  CLOSE: 4,
  READ: 5,
  WRITE: 6,
  LSTAT: 7,
  FSTAT: 8,
  SETSTAT: 9,
  FSETSTAT: 10,
  OPENDIR: 11,
  READDIR: 12,
  REMOVE: 13,
  MKDIR: 14,
  RMDIR: 15,
  REALPATH: 16,
  STAT: 17,
  RENAME: 18,
  READLINK: 19,
  SYMLINK: 20,
  STATUS: 101,
  HANDLE: 102,
  DATA: 103,
  NAME: 104,
  ATTRS: 105,
  EXTENDED: 200,
  EXTENDED_REPLY: 201,
} as const;

/** The codes of SSH_FXP_STATUS (draft-02 §7). */
export const Status = {
  OK: 0,
  EOF: 1,
  NO_SUCH_FILE: 2,
  PERMISSION_DENIED: 3,
  FAILURE: 4,
  BAD_MESSAGE: 5,
  OP_UNSUPPORTED: 8,
} as const;

/** The bits of `pflags` in SSH_FXP_OPEN (draft-02 §6.3). */
export const OpenBit = { READ: 1, WRITE: 2, APPEND: 4, CREAT: 8, TRUNC: 16, EXCL: 32 } as const;

/** The bits of `flags` in ATTRS, each of which says that a field is there (draft-02 §5). */
export const AttributeBit = {
  SIZE: 1,
  UIDGID: 2,
  PERMISSIONS: 4,
  ACMODTIME: 8,
  EXTENDED: 0x80000000,
} as const;

/** The longest packet, without its length; as OpenSSH's. */
export const MAX_PACKET: number = 256 * 1024;
/** The most that one READ gives and one WRITE takes; as OpenSSH's, which leaves a KiB for what is around the data. */
export const MAX_DATA: number = MAX_PACKET - 1024;
/** Handles of one session that are open at once. */
export const MAX_HANDLES = 128;
/** Requests of one session that are served at once. */
export const MAX_REQUESTS = 64;
/** Entries of a directory in one reply. */
export const MAX_ENTRIES = 100;
/** Bytes of entries in one reply. */
export const MAX_ENTRY_BYTES: number = 64 * 1024;
