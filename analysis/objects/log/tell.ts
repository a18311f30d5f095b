import type { Cause } from "../../checker.ts";
import type { Judgement } from "../judgement.ts";
import { answered, plural, show } from "../phrases.ts";
import type { Polled, Sent } from "./log-history.ts";
import type { Lost } from "./lost.ts";
import type { MessageCycle } from "./message-cycles.ts";
import type { Slot } from "./partitions.ts";

type Message = Sent | Polled;

export function conflict(judgement: Judgement, key: string, offset: number, messages: readonly Message[]): void {
  const [one, other] = messages as readonly [Message, Message];
  judgement.add({
    ...{ kind: "offset-conflict", key, operations: [one.op, other.op], count: messages.length - 1 },
    sentence: () =>
      `offset ${offset} is ${show(one.value)} by process ${one.op.process}'s ${one.op.f}, but ` +
      `${show(other.value)} by process ${other.op.process}'s ${other.op.f}`,
  });
}

export function duplicate(judgement: Judgement, key: string, at: readonly Message[]): void {
  const offsets = at.map(({ offset }) => offset).join(" and ");
  judgement.add({
    ...{ kind: "duplicate-message", key, operations: at.slice(0, 4).map(({ op }) => op), count: at.length - 1 },
    sentence: () => `message ${show(at[0]!.value)} was sent once and is at offsets ${offsets}`,
  });
}

export function lost(judgement: Judgement, key: string, { sent, past }: Lost): void {
  const poll = "op" in past ? past.op : past;
  judgement.add({
    ...{ kind: "lost-message", key, operations: [sent.op, poll] },
    sentence: (seconds) => {
      const how =
        "op" in past
          ? `although process ${past.op.process} polled offset ${past.offset}`
          : `although process ${past.process} polled everything there after that`;
      const acknowledged =
        sent.op.outcome === "ok" ? `was acknowledged at ${seconds(sent.op.completedAtNs)}` : "was sent";
      return `message ${show(sent.value)} ${acknowledged} at offset ${sent.offset} and never polled, ${how}`;
    },
  });
}

export function phantom(judgement: Judgement, { op, key, value }: Polled): void {
  judgement.add({
    ...{ kind: "phantom-message", key, operations: [op] },
    sentence: (seconds) => `${answered(op, seconds, `message ${show(value)}`)}, but nobody sent it`,
  });
}

export function aborted(judgement: Judgement, { op, key, value }: Polled, failed: Sent): void {
  judgement.add({
    ...{ kind: "aborted-message", key, operations: [op, failed.op] },
    sentence: (seconds) =>
      `${answered(op, seconds, `message ${show(value)}`)}, but process ${failed.op.process}'s sending it had certainly failed`,
  });
}

export function future(judgement: Judgement, { op, key, value }: Polled, sent: Sent): void {
  judgement.add({
    ...{ kind: "future-message", key, operations: [op, sent.op] },
    sentence: (seconds) =>
      `${answered(op, seconds, `message ${show(value)}`)}, before process ${sent.op.process} began to send it at ` +
      seconds(sent.op.invokedAtNs),
  });
}

export function precommitted(judgement: Judgement, { op, key, value }: Polled): void {
  judgement.add({
    ...{ kind: "precommitted-message", key, operations: [op] },
    sentence: (seconds) =>
      `${answered(op, seconds, `message ${show(value)}`)}, which the same transaction sent and had not committed`,
  });
}

export function pollBack(judgement: Judgement, earlier: Polled, later: Polled): void {
  judgement.add({
    ...{ kind: "nonmonotonic-poll", key: later.key, operations: [earlier.op, later.op] },
    sentence: (seconds) =>
      `${answered(later.op, seconds, `${show(later.value)} at offset ${later.offset}`)}, directly after offset ` +
      `${earlier.offset} (${show(earlier.value)})`,
  });
}

export function skip(judgement: Judgement, earlier: Polled, later: Polled, skipped: readonly Slot[]): void {
  const [first] = skipped;
  const missed = first!.messages[0]!;
  const more = skipped.length > 1 ? ` and ${plural(skipped.length - 1, "message")} more` : "";
  judgement.add({
    ...{ kind: "poll-skip", key: later.key, operations: [earlier.op, later.op, missed.op] },
    sentence: (seconds) =>
      `${answered(later.op, seconds, `${show(later.value)} at offset ${later.offset}`)}, directly after offset ` +
      `${earlier.offset}: it skipped ${show(missed.value)} at offset ${first!.offset}${more}`,
  });
}

export function sendBack(judgement: Judgement, earlier: Sent, later: Sent): void {
  judgement.add({
    ...{ kind: "nonmonotonic-send", key: later.key, operations: [earlier.op, later.op] },
    sentence: (seconds) =>
      `process ${later.op.process}'s ${show(later.value)} was sent to offset ${later.offset} by ` +
      `${seconds(later.op.completedAtNs)}, after its ${show(earlier.value)} had been sent to offset ${earlier.offset}`,
  });
}

export function cycle(judgement: Judgement, messages: MessageCycle): void {
  judgement.add({
    ...{ kind: "message-cycle", key: messages[0]!.key, operations: messages.map(({ op }) => op) },
    sentence: () => {
      const steps = messages.map(({ op, value }, at) => {
        const sender = messages[(at + 1) % messages.length]!.op;
        return `process ${op.process} polled ${show(value)} of process ${sender.process}`;
      });
      return `${steps.join(", and ")}: neither can have been first`;
    },
  });
}

export function unseenMessages(unseen: number): Cause {
  return {
    code: "unseen-messages",
    reached: `${plural(unseen, "acknowledged message")} ${unseen === 1 ? "was" : "were"} never polled, and no poll went past`,
    remedy: "poll every log to its end when all sending is over",
  };
}
