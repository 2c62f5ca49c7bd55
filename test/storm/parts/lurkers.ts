/** Clients that never finish their handshake. Each stops at one of several places, and comes again when it is thrown out. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { Client } from "../../client/index.ts";
import { carryOut } from "../part.ts";

/** What they say at first, each as far as it goes. */
function openings(): Buffer[] {
  const client = new Client({ automatic: false, kex: ["curve25519-sha256"], hostKey: ["ssh-ed25519"] });
  client.sendIdentification();
  const line = Buffer.from(client.pull());
  client.sendKexInit();
  const kexInit = Buffer.from(client.pull());
  client.sendKexEcdhInit("curve25519-sha256");
  const ecdhInit = Buffer.from(client.pull());
  return [
    Buffer.alloc(0),
    line.subarray(0, 8),
    line,
    Buffer.concat([line, kexInit.subarray(0, 100)]),
    Buffer.concat([line, kexInit]),
    // The server does all of its work, and waits for the NEWKEYS.
    Buffer.concat([line, kexInit, ecdhInit]),
  ];
}

/** How many share an address. */
const A_SOURCE = 8;
const CROWD = 60;
/** The one of the openings that goes on. */
const TALKER = 1;

const sayings = openings();
/** Those who go on with their first line, and never end it. */
const talkers = new Set<Socket>();

function lurk(port: number, index: number): void {
  const source = index < CROWD ? 0 : index / A_SOURCE;
  const localAddress = `127.1.${source >> 7}.${1 + (source & 127)}`;
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("connect", () => {
    socket.write(sayings[index % sayings.length]!);
    if (index % sayings.length === TALKER) talkers.add(socket);
  });
  socket.on("data", () => undefined);
  socket.on("error", () => undefined);
  socket.on("close", () => {
    talkers.delete(socket);
    setTimeout(() => lurk(port, index), 500 + 1000 * Math.random());
  });
}

const orders = {
  /** Sends so many. */
  begin({ port, count }: { readonly port: number; readonly count: number }): void {
    for (let index = 0; index < count; index++) lurk(port, index);
    setInterval(() => {
      for (const socket of talkers) socket.write("-");
    }, 1000);
  },
};

export type Lurkers = typeof orders;
carryOut(orders);
