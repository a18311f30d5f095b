import type { Edge, Evidence } from "../../history/annotations.ts";
import type { Impairment } from "../host.ts";
import type { Sample } from "./sample.ts";

/** What a probe shows of one kind of impairment. */
interface Judgement {
  /** What was set. */
  readonly setting: string;
  /** What a sample shows of it, with figures. */
  readonly shown: (sample: Sample) => string;
  readonly took: (before: Sample, during: Sample) => boolean;
  readonly isGone: (before: Sample, after: Sample) => boolean;
}

/** Evidence that an edge is impaired: a probe over it, beside what it showed before. */
export function impairedEvidence(edge: Edge, impairment: Impairment, before: Sample, during: Sample): Evidence {
  const { setting, shown, took } = judgementOf(impairment);
  return {
    subject: edge.join("->"),
    observation: `${setting}: ${shown(during)}; before: ${shown(before)}`,
    proves: took(before, during),
  };
}

/** Evidence that it is not impaired any more. */
export function recoveredEvidence(edge: Edge, impairment: Impairment, before: Sample, after: Sample): Evidence {
  const { shown, isGone } = judgementOf(impairment);
  return { subject: edge.join("->"), observation: shown(after), proves: isGone(before, after) };
}

function judgementOf(impairment: Impairment): Judgement {
  switch (impairment.kind) {
    case "link-slow":
      return delayed(impairment);
    case "link-rate":
      return limited(impairment);
    case "link-reset":
      return {
        setting: `${percent(impairment.share)} answered by a reset`,
        shown: describeConnection,
        took: (before, during) => !isReset(before) && isReset(during),
        isGone: (_, after) => after.type === "connection" && !after.reset && after.messages > 0,
      };
    case "link-lossy":
      return counted(impairment.share, "lost", lostOf, (messages) =>
        messages.late > 0
          ? `${messages.sent - messages.arrived} of ${messages.sent} messages lost, ${messages.late} late by a retransmission`
          : `${messages.sent - messages.arrived} of ${messages.sent} messages lost`,
      );
    case "link-duplicate":
      return counted(
        impairment.share,
        "duplicated",
        ({ duplicates }) => duplicates,
        ({ duplicates, sent }) => `${duplicates} of ${sent} messages arrived twice`,
      );
    case "link-reorder":
      return counted(
        impairment.share,
        "overtaken",
        ({ overtaken }) => overtaken,
        ({ overtaken, sent }) => `${overtaken} of ${sent} messages were overtaken`,
      );
  }
}

type Messages = Extract<Sample, { readonly type: "messages" }>;

/** A probe is late for other reasons too, but never early: the fastest of many shows the delay, and that it has gone. */
function delayed({ delayMs, jitterMs }: Extract<Impairment, { readonly kind: "link-slow" }>): Judgement {
  const leastMs = delayMs - jitterMs;
  const extraMs = (before: Sample, now: Sample): number => {
    if (before.type !== "messages" || now.type !== "messages") return Number.NaN;
    return (now.leastMs ?? Number.POSITIVE_INFINITY) - (before.leastMs ?? 0);
  };
  return {
    setting: `delay ${delayMs} ms ± ${jitterMs} ms`,
    shown: (sample) => {
      if (sample.type !== "messages" || sample.leastMs === null) return "no probe arrived";
      return `the fastest of ${sample.arrived} probes took ${sample.leastMs.toFixed(1)} ms`;
    },
    took: (before, during) => {
      const extra = extraMs(before, during);
      return Number.isFinite(extra) && extra >= leastMs * nearly;
    },
    isGone: (before, after) => extraMs(before, after) < leastMs / 2,
  };
}

/** The clocks of both ends of a wait round to milliseconds. */
const nearly = 0.9;

function limited({ bytesPerSecond }: Extract<Impairment, { readonly kind: "link-rate" }>): Judgement {
  const rate = (sample: Sample): number =>
    sample.type === "transfer" ? (sample.bytes * 1000) / Math.max(sample.tookMs, 0.1) : Number.NaN;
  return {
    setting: `limit ${kilobytes(bytesPerSecond)}`,
    shown: (sample) => {
      if (sample.type !== "transfer") return "no probe arrived";
      return `${sample.bytes} bytes in ${sample.tookMs.toFixed(0)} ms (${kilobytes(rate(sample))})`;
    },
    // A bucket lets a first burst pass.
    took: (before, during) => rate(during) > 0 && rate(during) <= 2 * bytesPerSecond && rate(before) > 2 * rate(during),
    isGone: (_, after) => rate(after) > 2 * bytesPerSecond,
  };
}

/** What happens to a share of messages, and shows by how many of a sample it happened to. */
function counted(
  share: number,
  verb: string,
  count: (messages: Messages) => number,
  describe: (messages: Messages) => string,
): Judgement {
  const countOf = (sample: Sample): number => (sample.type === "messages" ? count(sample) : Number.NaN);
  const fewOf = (sample: Sample): number => (sample.type === "messages" ? (sample.sent * share) / 3 : Number.NaN);
  return {
    setting: `${percent(share)} ${verb}`,
    shown: (sample) => (sample.type === "messages" ? describe(sample) : "no probe arrived"),
    took: (before, during) => hasArrived(during) && countOf(during) > Math.max(countOf(before), 1),
    // Other traffic may delay some of a healthy edge's messages too.
    isGone: (_, after) => hasArrived(after) && countOf(after) < Math.max(fewOf(after), 1),
  };
}

function hasArrived(sample: Sample): boolean {
  return sample.type === "messages" && sample.arrived > 0;
}

function lostOf({ sent, arrived, late }: Messages): number {
  return sent - arrived + late;
}

function isReset(sample: Sample): boolean {
  return sample.type === "connection" && sample.reset;
}

function describeConnection(sample: Sample): string {
  if (sample.type !== "connection") return "no probe arrived";
  if (sample.reset) return `connection reset after ${sample.messages} messages`;
  return `no reset in ${sample.messages} messages`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function kilobytes(bytesPerSecond: number): string {
  return `${(bytesPerSecond / 1000).toFixed(1)} kB/s`;
}
