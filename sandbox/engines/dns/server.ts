import { createSocket, type Socket } from "node:dgram";
import { createServer, type Server, type Socket as TcpSocket } from "node:net";
import { type DecodedPacket, decode, encode, type Packet, RECURSION_DESIRED } from "dns-packet";
import type { World } from "../../world.ts";
import { answerQuestion } from "./answer.ts";

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 };
const AUTHORITATIVE = 1 << 10;
const TRUNCATED = 1 << 9;
/** Largest UDP answer without EDNS, and the largest offered with it, bytes. */
const PLAIN_UDP_BYTES = 512;
const EDNS_UDP_BYTES = 4096;
/** How many free ports are tried until one is free for UDP and TCP. */
const TRIES = 20;

/** Opens UDP and TCP on one port of 127.0.0.1; closed when the world stops. */
export async function openServer(world: World): Promise<{ host: string; port: number }> {
  const host = "127.0.0.1";
  for (let left = TRIES; ; left--) {
    const udp = createSocket("udp4");
    const sockets = new Set<TcpSocket>();
    const tcp = createServer((socket) => {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
      serveTcp(world, socket);
    });
    try {
      const port = await bindUdp(udp, host);
      await listen(tcp, host, port);
      udp.on("message", (message, from) => {
        const reply = answer(world, message, true);
        if (reply) udp.send(reply, from.port, from.address);
      });
      // An ICMP "port unreachable" of an asker that went away is no matter of the server's.
      udp.on("error", (error) => world.log("dns", `UDP: ${error.message}`));
      world.onStop(async () => {
        udp.close();
        for (const each of sockets) each.destroy();
        await new Promise<void>((resolve) => tcp.close(() => resolve()));
      });
      return { host, port };
    } catch (error) {
      udp.close();
      tcp.close();
      if (left <= 1 || (error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

function bindUdp(socket: Socket, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, host, () => {
      socket.off("error", reject);
      resolve(socket.address().port);
    });
  });
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Messages with a two-byte length before each (RFC 1035, 4.2.2). */
function serveTcp(world: World, socket: TcpSocket): void {
  let buffer = Buffer.alloc(0);
  socket.on("error", () => socket.destroy());
  socket.on("data", (data: Buffer) => {
    buffer = Buffer.concat([buffer, data]);
    while (buffer.length >= 2) {
      const length = buffer.readUInt16BE(0);
      if (buffer.length < 2 + length) break;
      const message = buffer.subarray(2, 2 + length);
      buffer = buffer.subarray(2 + length);
      const reply = answer(world, message, false);
      if (!reply) return void socket.destroy();
      const framed = Buffer.alloc(2 + reply.length);
      framed.writeUInt16BE(reply.length, 0);
      reply.copy(framed, 2);
      socket.write(framed);
    }
  });
}

function answer(world: World, message: Buffer, udp: boolean): Buffer | undefined {
  let query: DecodedPacket;
  try {
    query = decode(message);
  } catch {
    // What is no DNS message has no answer that its sender could read, except to say so with its id.
    return message.length >= 12 ? failure(message.readUInt16BE(0), "FORMERR") : undefined;
  }
  if (query.type !== "query") return undefined;
  const question = query.questions?.[0];
  const id = query.id ?? 0;
  if (!question || query.questions?.length !== 1) return failure(id, "FORMERR");
  if ((query as { opcode?: string }).opcode && (query as { opcode?: string }).opcode !== "QUERY")
    return failure(id, "NOTIMP");
  const found = answerQuestion(world, question.name, question.type);
  const edns = query.additionals?.find((each) => each.type === "OPT") as
    | { udpPayloadSize?: number }
    | undefined;
  const base: Packet = {
    type: "response",
    id,
    flags:
      ((query.flags ?? 0) & RECURSION_DESIRED) |
      (found.authoritative ? AUTHORITATIVE : 0) |
      RCODES[found.rcode],
    questions: [question],
    answers: found.answers,
    authorities: found.authorities,
    additionals: edns
      ? [
          {
            type: "OPT",
            name: ".",
            udpPayloadSize: EDNS_UDP_BYTES,
            extendedRcode: 0,
            ednsVersion: 0,
            flags: 0,
            flag_do: false,
            options: [],
          } as never,
        ]
      : [],
  };
  const encoded = encode(base);
  const room = edns
    ? Math.min(Math.max(edns.udpPayloadSize ?? PLAIN_UDP_BYTES, PLAIN_UDP_BYTES), EDNS_UDP_BYTES)
    : PLAIN_UDP_BYTES;
  if (!udp || encoded.length <= room) return encoded;
  return encode({ ...base, flags: (base.flags ?? 0) | TRUNCATED, answers: [], authorities: [] });
}

function failure(id: number, rcode: keyof typeof RCODES): Buffer {
  return encode({ type: "response", id, flags: RCODES[rcode], questions: [] });
}
