import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { type RandomStream, randomStream } from "../../../random/stream.ts";
import type { Message } from "../core/messages.ts";
import { encodeFrame } from "../protocol/frames.ts";
import { type End, type Fate, openStream } from "../protocol/test-support/byte-stream.ts";
import { PeerLink } from "./peer-link.ts";
import type { PeerMessage } from "./peer-messages.ts";
import { createPeerServer } from "./peer-server.ts";
import { testSecret as secret } from "./test-cluster.ts";

const seed = Number(process.env["KEELHAUL_SEED"] ?? 20260102);

function vote(term: number): Message {
  return { type: "request-vote", term, lastLog: { index: term, term }, transfer: false };
}

/** What came of some messages over one link. */
interface Outcome {
  /** Terms of the messages that arrived, by the connection that they were sent on. */
  readonly arrived: readonly (readonly number[])[];
  readonly sent: readonly (readonly number[])[];
  /** Frames that no byte confirmed on the last connection; null: it was reset too. */
  readonly unconfirmed: number | null;
  readonly refusals: readonly string[];
  /** Bytes of the first connection. */
  readonly bytes: { readonly there: number; readonly back: number };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
}

/** So many messages, three at a time; connections have these fates in turn, and those after them none. */
async function messagesOver(
  fates: readonly (readonly [there: readonly Fate[], back: readonly Fate[]])[],
  count = 6,
): Promise<Outcome> {
  const streams: { readonly near: End; readonly far: End }[] = [];
  const arrived: number[][] = [];
  const sent: number[][] = [];
  const refusals: string[] = [];
  const onRefused = (reason: string): void => void refusals.push(reason);
  const onMessage = (_from: string, message: PeerMessage): void => {
    if (message.type === "request-vote") arrived.at(-1)?.push(message.term);
  };
  const accepts = (): boolean => true;
  const server = createPeerServer({
    ...{ id: "n2", secret, maxFrameBytes: 1 << 20, peers: new Set(["n1"]), accepts, onMessage, onRefused },
  });
  let now = 0;
  const dial = (): Socket => {
    const [there, back] = fates[streams.length] ?? [[], []];
    const [near, far] = openStream(there, back);
    streams.push({ near, far });
    arrived.push([]);
    sent.push([]);
    server.emit("connection", far);
    setImmediate(() => near.emit("connect"));
    return near as unknown as Socket;
  };
  const link = new PeerLink({
    ...{ from: "n1", to: "n2", secret, endpoint: { host: "", port: 0 }, stallMs: 1e9, pingMs: 1e9 },
    ...{ nowMs: () => now, random: () => 0, onChange: () => undefined, onRefused, dial },
  });
  let [term, idle] = [0, 0];
  while (term < count && idle < 500) {
    now += 100;
    link.tick();
    await turns(3);
    if (!link.connected) {
      idle++;
      continue;
    }
    for (let i = 0; i < 3 && term < count; i++) {
      sent.at(-1)!.push(++term);
      link.send(encodeFrame(vote(term)));
    }
    await turns(3);
  }
  // Confirmations are gathered for some milliseconds.
  for (let wait = 0; wait < 200 && link.connected && link.unacknowledged > 0; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const unconfirmed = link.connected ? link.unacknowledged : null;
  link.close();
  const { near, far } = streams[0]!;
  return { arrived, sent, unconfirmed, refusals, bytes: { there: near.sentBytes, back: far.sentBytes } };
}

/** On each connection what arrives is the beginning of what was sent, in its order, each message once. */
function expectBeginnings({ arrived, sent, refusals, unconfirmed }: Outcome, context: string): void {
  expect(refusals, context).toEqual([]);
  for (const [connection, terms] of arrived.entries()) {
    expect(terms, context).toEqual(sent[connection]!.slice(0, terms.length));
  }
  if (unconfirmed === null) return;
  expect(arrived.at(-1), context).toEqual(sent.at(-1));
  expect(unconfirmed, context).toBe(0);
}

test("a peer gets every message once and in order, at whatever byte the stream is split", async () => {
  const { bytes } = await messagesOver([]);
  expect(bytes.there).toBeGreaterThan(100);
  for (let afterBytes = 1; afterBytes < Math.max(bytes.there, bytes.back); afterBytes++) {
    const fates = [{ what: "split", afterBytes }] as const;
    const outcome = await messagesOver([[fates, fates]]);
    expectBeginnings(outcome, `split after ${afterBytes} bytes`);
    expect(outcome.arrived).toEqual([[1, 2, 3, 4, 5, 6]]);
  }
});

test.each(["there", "back"] as const)(
  "at whatever byte %s the stream is reset, the link dials again, and no message comes twice or in pieces",
  async (direction) => {
    const { bytes } = await messagesOver([]);
    for (let afterBytes = 1; afterBytes < bytes[direction]; afterBytes++) {
      const fate = [{ what: "reset", afterBytes }] as const;
      const outcome = await messagesOver([direction === "there" ? [fate, []] : [[], fate]], 9);
      expectBeginnings(outcome, `reset after ${afterBytes} bytes ${direction}`);
    }
  },
);

function drawFates(random: RandomStream, bytes: number): Fate[] {
  const places = Array.from({ length: random.integer(0, 12) }, () => random.integer(1, bytes));
  const splits = [...new Set(places)].map((afterBytes): Fate => ({ what: "split", afterBytes }));
  return random.fraction() < 0.5 ? splits : [...splits, { what: "reset", afterBytes: random.integer(1, bytes) }];
}

test("streams that are split many times and reset keep whole messages apart", async () => {
  for (let i = 0; i < 300; i++) {
    const random = randomStream(seed + i, "peer streams");
    const fates = Array.from({ length: 3 }, () => [drawFates(random, 900), drawFates(random, 300)] as const);
    const outcome = await messagesOver(fates, 15);
    expectBeginnings(outcome, `stream ${i} of KEELHAUL_SEED=${seed}`);
  }
});
