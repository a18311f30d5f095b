import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Endpoint } from "../../host.ts";
import {
  bytesInMessage,
  MessageLog,
  messageEveryMs,
  messagesInSample,
  type Sample,
  sampleTimeoutMs,
} from "../../links/sample.ts";

const pollMs = 10;

/** Answers each datagram from a peer with the same datagram. */
export async function openDatagramEcho({ host, port }: Endpoint, isPeer: (host: string) => boolean): Promise<Socket> {
  const echo = createSocket("udp4");
  echo.on("message", (message, from) => {
    if (isPeer(from.address)) echo.send(message, from.port, from.address);
  });
  echo.on("error", () => {}); // what cannot be answered is lost, which samples show
  echo.bind(port, host);
  await once(echo, "listening");
  return echo;
}

/** Sends numbered datagrams to an echo: the network shows each loss, duplicate and overtaking, as nothing hides them. */
export async function sampleDatagrams({ host, port }: Endpoint): Promise<Sample> {
  const socket = createSocket("udp4");
  const log = new MessageLog();
  socket.on("message", (message) => log.arrived(message.readUInt32BE(0), performance.now()));
  socket.on("error", () => {}); // an echo that is gone answers nothing, which the sample shows
  try {
    for (let number = 0; number < messagesInSample; number++) {
      const message = Buffer.alloc(bytesInMessage);
      message.writeUInt32BE(number);
      log.sent(performance.now());
      socket.send(message, port, host);
      await sleep(messageEveryMs);
    }
    for (let waitedMs = 0; waitedMs < sampleTimeoutMs && !log.isComplete; waitedMs += pollMs) await sleep(pollMs);
    return log.sample();
  } finally {
    socket.close();
  }
}
