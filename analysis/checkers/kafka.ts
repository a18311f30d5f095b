import type { Checker } from "../checker.ts";
import { Judgement, type ObjectResult } from "../objects/judgement.ts";
import { type LogOperation, logOperations, type Polled, type Sent } from "../objects/log/log-history.ts";
import { lostMessages } from "../objects/log/lost.ts";
import { messageCycles } from "../objects/log/message-cycles.ts";
import {
  identity,
  inEffect,
  messagesPolled,
  type Partition,
  partitionsOf,
  slotsBetween,
} from "../objects/log/partitions.ts";
import { polledInTurn, sentInTurn } from "../objects/log/places.ts";
import * as tell from "../objects/log/tell.ts";
import { type ObjectOperation, objectForm, objectOperations } from "../objects/operations.ts";
import { plural } from "../objects/phrases.ts";

/** `checkers.kafka`. Messages are counted once each, whatever became of them. */
export interface KafkaResult extends ObjectResult {
  readonly messages: {
    readonly sent: number;
    readonly acknowledged: number;
    readonly polled: number;
    /** Acknowledged, never polled, and no poll is known to have gone past them. */
    readonly unseen: number;
  };
}

/**
 * Logs of messages, as Kafka has them: `send`, `poll` and `txn` of steps ["send", key, value] (ok: [offset, value]) and
 * ["poll"] (ok: {key: [[offset, value], …]}), `assign` and `subscribe` (value: keys). Whether every message has one
 * offset and every offset one message, whether each process polls and sends in the order of the log and without gaps,
 * and whether what was acknowledged is polled by somebody. Polls may lag behind. Source: `jepsen.tests.kafka`.
 */
export const kafkaChecker: Checker<KafkaResult> = {
  name: "kafka",
  forms: [objectForm],
  check: (history) => checkLogs(objectOperations(history)),
};

function checkLogs(all: readonly ObjectOperation[]): KafkaResult {
  const judgement = new Judgement();
  const operations = logOperations(all);
  const effective = inEffect(operations ?? []);
  const partitions = partitionsOf(operations ?? [], effective);
  let unseen = 0;
  if (operations === null) {
    judgement.tested("", 0, 1);
    judgement.unknown(notUnderstood);
  } else {
    const certain = new Set(effective.map(({ op }) => op));
    for (const partition of partitions) unseen += judgePartition(judgement, partition, certain);
    judgeTurns(judgement, operations, partitions);
    judgeTransactions(judgement, effective);
  }
  if (unseen > 0) judgement.unknown(tell.unseenMessages(unseen));
  const messages = { ...tally(partitions), unseen };
  const concluded = judgement.conclude({
    valid: `${plural(messages.polled, "message")} polled of ${messages.sent} sent: none lost, doubled or out of order`,
    untested: "no message was polled",
    remedy: "check that clients reach the cluster, and that the workload polls the logs that it sends to",
  });
  return { ...concluded, messages };
}

const notUnderstood = {
  code: "unsupported-operation",
  reached: "an operation is no list of steps send and poll, or its answer does not fit",
  remedy: 'write steps as ["send", key, value], ["poll"] and, answered, ["poll", {key: [[offset, value], …]}]',
} as const;

function tally(partitions: readonly Partition[]): Omit<KafkaResult["messages"], "unseen"> {
  const counts = { sent: 0, acknowledged: 0, polled: 0 };
  for (const { sent, polled } of partitions) {
    counts.sent += sent.size;
    counts.polled += polled.size;
    for (const sends of sent.values()) if (sends.some(({ op }) => op.outcome === "ok")) counts.acknowledged++;
  }
  return counts;
}

/** Returns how many acknowledged messages were neither polled nor certainly lost. */
function judgePartition(judgement: Judgement, partition: Partition, effective: ReadonlySet<ObjectOperation>): number {
  const { key, sent, polled, offsets } = partition;
  judgement.tested(key, sent.size, polled.size);
  for (const { offset, messages } of offsets) if (messages.length > 1) tell.conflict(judgement, key, offset, messages);
  const isOnce = (name: string): boolean => (sent.get(name) ?? []).filter(({ op }) => op.outcome !== "fail").length < 2;
  if (![...sent.keys()].every(isOnce)) judgement.unknown(valuesRepeat);
  const places = Map.groupBy(
    offsets.flatMap(({ messages }) => messages),
    ({ name }) => name,
  );
  for (const [name, at] of places) if (at.length > 1 && isOnce(name)) tell.duplicate(judgement, key, at);
  for (const [name, polls] of polled) judgeOrigin(judgement, sent.get(name) ?? [], polls);
  const { lost, unseen } = lostMessages(partition, effective);
  for (const one of lost) if (isOnce(one.sent.name)) tell.lost(judgement, key, one);
  return unseen;
}

const valuesRepeat = {
  code: "values-repeat",
  reached: "loss and duplication of a message that was sent several times cannot be detected",
  remedy: "send every message to a log only once",
} as const;

/** Whether somebody sent what was polled, and did so before it was polled, and whether it went through. */
function judgeOrigin(judgement: Judgement, sends: readonly Sent[], polls: readonly Polled[]): void {
  const [first] = polls;
  if (first === undefined) return;
  const possible = sends.filter(({ op }) => op.outcome !== "fail");
  const [origin] = possible;
  if (origin === undefined) {
    const [failed] = sends;
    if (failed === undefined) tell.phantom(judgement, first);
    else tell.aborted(judgement, first, failed);
    return;
  }
  const early = polls.find(({ op }) => op.ret < Math.min(...possible.map((sent) => sent.op.inv)));
  if (early !== undefined) tell.future(judgement, early, origin);
}

/** What processes polled and sent one after the other. */
function judgeTurns(judgement: Judgement, operations: readonly LogOperation[], partitions: readonly Partition[]): void {
  const byKey = new Map(partitions.map((partition) => [partition.key, partition]));
  for (const { earlier, later } of polledInTurn(operations)) {
    if (later.offset <= earlier.offset) tell.pollBack(judgement, earlier, later);
    else {
      const skipped = slotsBetween(byKey.get(later.key)!, earlier.offset, later.offset);
      if (skipped.length > 0) tell.skip(judgement, earlier, later, skipped);
    }
  }
  for (const { earlier, later } of sentInTurn(operations)) {
    if (later.offset <= earlier.offset) tell.sendBack(judgement, earlier, later);
  }
}

/** Transactions see what others sent, and only once these are through. */
function judgeTransactions(judgement: Judgement, effective: readonly LogOperation[]): void {
  for (const operation of effective) {
    const own = new Set(operation.sent.map(identity));
    for (const message of messagesPolled(operation)) {
      if (own.has(identity(message))) tell.precommitted(judgement, message);
    }
  }
  for (const cycle of messageCycles(effective)) tell.cycle(judgement, cycle);
}
