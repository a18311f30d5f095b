import { describe, expect, it } from "vitest";
import type { Edge } from "../../history/annotations.ts";
import type { Impairment } from "../host.ts";
import { impairedEvidence, recoveredEvidence } from "./evidence.ts";
import { flawless, measurementOf, type Sample } from "./sample.ts";

const edge: Edge = ["n1", "n2"];
const messages = (differences: Partial<Extract<Sample, { type: "messages" }>>): Sample => ({
  ...{ type: "messages", sent: 100, arrived: 100, duplicates: 0, overtaken: 0, late: 0, leastMs: 0.3 },
  ...differences,
});

describe.each<{ impairment: Impairment; shown: Sample; said: string }>([
  {
    impairment: { kind: "link-slow", delayMs: 200, jitterMs: 50 },
    shown: messages({ leastMs: 160 }),
    said: "delay 200 ms ± 50 ms: the fastest of 100 probes took 160.0 ms; before: the fastest of 100 probes took 0.0 ms",
  },
  {
    impairment: { kind: "link-lossy", share: 0.2 },
    shown: messages({ arrived: 83 }),
    said: "20 % lost: 17 of 100 messages lost; before: 0 of 100 messages lost",
  },
  {
    impairment: { kind: "link-duplicate", share: 0.1 },
    shown: messages({ duplicates: 12 }),
    said: "10 % duplicated: 12 of 100 messages arrived twice; before: 0 of 100 messages arrived twice",
  },
  {
    impairment: { kind: "link-reorder", share: 0.1 },
    shown: messages({ overtaken: 9 }),
    said: "10 % overtaken: 9 of 100 messages were overtaken; before: 0 of 100 messages were overtaken",
  },
  {
    impairment: { kind: "link-rate", bytesPerSecond: 32_000 },
    shown: { type: "transfer", bytes: 16_000, tookMs: 500 },
    said: "limit 32.0 kB/s: 16000 bytes in 500 ms (32.0 kB/s); before: 16000 bytes in 0 ms (160000.0 kB/s)",
  },
  {
    impairment: { kind: "link-reset", share: 0.05 },
    shown: { type: "connection", messages: 7, reset: true },
    said: "5 % answered by a reset: connection reset after 7 messages; before: no reset in 100 messages",
  },
])("evidence of $impairment.kind", ({ impairment, shown, said }) => {
  const sound = flawless(measurementOf(impairment));

  it("is what a probe shows, beside what it showed before", () => {
    expect(impairedEvidence(edge, impairment, sound, shown)).toEqual({
      subject: "n1->n2",
      observation: said,
      proves: true,
    });
    expect(recoveredEvidence(edge, impairment, sound, sound)).toMatchObject({ proves: true });
  });

  it("is none where nothing changed", () => {
    expect(impairedEvidence(edge, impairment, sound, sound)).toMatchObject({ proves: false });
    expect(impairedEvidence(edge, impairment, shown, shown)).toMatchObject({ proves: false });
    expect(recoveredEvidence(edge, impairment, sound, shown)).toMatchObject({ proves: false });
  });

  it("is none where no probe arrives", () => {
    const silent: Sample =
      shown.type === "messages" ? messages({ arrived: 0, leastMs: null }) : { ...shown, ...nothing };
    expect(impairedEvidence(edge, impairment, sound, silent)).toMatchObject({ proves: false });
    expect(recoveredEvidence(edge, impairment, sound, silent)).toMatchObject({ proves: false });
  });
});

const nothing = { bytes: 0, tookMs: 1500, messages: 0, reset: false };

it("counts what arrives late by a retransmission as lost", () => {
  const impairment: Impairment = { kind: "link-lossy", share: 0.1 };
  const stalled = impairedEvidence(edge, impairment, messages({}), messages({ late: 31 }));
  expect(stalled).toMatchObject({
    observation: "10 % lost: 0 of 100 messages lost, 31 late by a retransmission; before: 0 of 100 messages lost",
    proves: true,
  });
});
