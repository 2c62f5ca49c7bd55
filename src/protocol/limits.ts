import type { RekeyLimit } from "../transport/index.ts";
import { defaultRekeyLimit } from "../transport/index.ts";

/** What one connection may use. Times in milliseconds, sizes in bytes; 0 switches a time off. */
export interface ProtocolLimits {
  /** From the first byte to the login; no traffic extends it (LoginGraceTime). */
  readonly loginGraceTime: number;
  /** To the end of the client's identification line. */
  readonly identificationTime: number;
  /** To the client's first NEWKEYS. */
  readonly handshakeTime: number;
  /** From our KEXINIT to the client's NEWKEYS when keys are renewed. */
  readonly rekeyTime: number;
  /** Without a channel after the login (UnusedConnectionTimeout). */
  readonly unusedConnectionTime: number;
  /** Failed attempts (MaxAuthTries). */
  readonly maxAuthTries: number;
  /** Requests of the authentication service, whatever came of them. */
  readonly maxAuthRequests: number;
  /** Session channels that are open at once (MaxSessions). */
  readonly maxSessions: number;
  /** Channels of all types that are open at once. */
  readonly maxChannels: number;
  /** The window that a channel gives, and the largest data packet it takes. */
  readonly window: number;
  readonly maxPacket: number;
  /** Silence after which the client is asked whether it is there (ClientAliveInterval), and how often (ClientAliveCountMax). */
  readonly clientAliveInterval: number;
  readonly clientAliveCountMax: number;
  readonly rekeyLimit: RekeyLimit;
}

export const defaultLimits: ProtocolLimits = {
  loginGraceTime: 60_000,
  identificationTime: 10_000,
  handshakeTime: 20_000,
  rekeyTime: 30_000,
  unusedConnectionTime: 60_000,
  maxAuthTries: 6,
  maxAuthRequests: 32,
  maxSessions: 10,
  maxChannels: 64,
  window: 1024 ** 2,
  maxPacket: 32768,
  clientAliveInterval: 30_000,
  clientAliveCountMax: 3,
  rekeyLimit: defaultRekeyLimit,
};
