import { Reader } from "../wire/index.ts";

/**
 * RFC 4254 §8, and IUTF8 from RFC 8160. Each opcode up to 159 has one uint32 as its argument, except 0, TTY_OP_END, which
 * ends the list and has no name here.
 */
const NAMES: ReadonlyMap<number, string> = new Map([
  [1, "VINTR"],
  [2, "VQUIT"],
  [3, "VERASE"],
  [4, "VKILL"],
  [5, "VEOF"],
  [6, "VEOL"],
  [7, "VEOL2"],
  [8, "VSTART"],
  [9, "VSTOP"],
  [10, "VSUSP"],
  [11, "VDSUSP"],
  [12, "VREPRINT"],
  [13, "VWERASE"],
  [14, "VLNEXT"],
  [15, "VFLUSH"],
  [16, "VSWTCH"],
  [17, "VSTATUS"],
  [18, "VDISCARD"],
  [30, "IGNPAR"],
  [31, "PARMRK"],
  [32, "INPCK"],
  [33, "ISTRIP"],
  [34, "INLCR"],
  [35, "IGNCR"],
  [36, "ICRNL"],
  [37, "IUCLC"],
  [38, "IXON"],
  [39, "IXANY"],
  [40, "IXOFF"],
  [41, "IMAXBEL"],
  [42, "IUTF8"],
  [50, "ISIG"],
  [51, "ICANON"],
  [52, "XCASE"],
  [53, "ECHO"],
  [54, "ECHOE"],
  [55, "ECHOK"],
  [56, "ECHONL"],
  [57, "NOFLSH"],
  [58, "TOSTOP"],
  [59, "IEXTEN"],
  [60, "ECHOCTL"],
  [61, "ECHOKE"],
  [62, "PENDIN"],
  [70, "OPOST"],
  [71, "OLCUC"],
  [72, "ONLCR"],
  [73, "OCRNL"],
  [74, "ONOCR"],
  [75, "ONLRET"],
  [90, "CS7"],
  [91, "CS8"],
  [92, "PARENB"],
  [93, "PARODD"],
  [128, "TTY_OP_ISPEED"],
  [129, "TTY_OP_OSPEED"],
]);

/**
 * Reads the encoded terminal modes of a pty-req, by their names in RFC 4254 §8.
 *
 * It never fails: the list ends at TTY_OP_END, at an opcode without a name (RFC 4254 §8: those from 160 on have no
 * argument that could be skipped), or where its bytes run out. Of a mode that comes twice the last value counts.
 */
export function readPtyModes(bytes: Uint8Array): ReadonlyMap<string, number> {
  const modes = new Map<string, number>();
  const from = new Reader(bytes);
  while (from.left >= 5) {
    const name = NAMES.get(from.byte());
    if (name === undefined) break;
    modes.set(name, from.uint32());
  }
  return modes;
}
