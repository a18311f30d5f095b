import {
  bytesInMessage,
  type Measurement,
  MessageLog,
  messageEveryMs,
  messagesInSample,
  type Sample,
  sampleTimeoutMs,
} from "../../../hosts/links/sample.ts";
import { type Clock, nowMs, sleepMs } from "../../../time/clock.ts";
import type { Edge } from "./edge.ts";

/** As many bytes as TCP sends in one packet, over most networks. */
const packetBytes = 1448;

/** Measures in virtual time how an edge carries what is sent along it. */
export async function sampleEdge(edge: Edge, measurement: Measurement, time: Clock): Promise<Sample> {
  if (measurement.type === "messages") return sampleMessages(edge, time);
  if (measurement.type === "transfer") return sampleTransfer(edge, measurement.bytes, time);
  let messages = 0;
  while (messages < messagesInSample && edge.probe(bytesInMessage, () => {})) messages++;
  return { type: "connection", messages, reset: messages < messagesInSample };
}

async function sampleMessages(edge: Edge, time: Clock): Promise<Sample> {
  const log = new MessageLog();
  for (let number = 0; number < messagesInSample; number++) {
    log.sent(nowMs(time));
    edge.probe(bytesInMessage, () => log.arrived(number, nowMs(time)));
    await sleepMs(time, messageEveryMs);
  }
  await sleepMs(time, sampleTimeoutMs);
  return log.sample();
}

async function sampleTransfer(edge: Edge, bytes: number, time: Clock): Promise<Sample> {
  const startedMs = nowMs(time);
  let arrivedBytes = 0;
  let lastMs = startedMs;
  for (let sentBytes = 0; sentBytes < bytes; sentBytes += packetBytes) {
    const packet = Math.min(packetBytes, bytes - sentBytes);
    edge.probe(packet, () => {
      arrivedBytes += packet;
      lastMs = nowMs(time);
    });
  }
  await sleepMs(time, sampleTimeoutMs);
  return { type: "transfer", bytes: arrivedBytes, tookMs: lastMs - startedMs };
}
