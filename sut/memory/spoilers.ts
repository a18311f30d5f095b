import type { Json, KvCommand, KvMicroOp, KvResult } from "../raft/kv/commands.ts";
import type { Question } from "../raft/protocol/client-messages.ts";
import type { CarryOut, Site } from "./site.ts";

/** Now and then does something else with a command that changes something. */
export function sometimesInstead(
  probability: number,
  deed: (command: KvCommand, site: Site) => KvResult,
  applies: (command: KvCommand) => boolean = changesSomething,
): (next: CarryOut, site: Site) => CarryOut {
  return (next, site) => async (question, node) => {
    const spoiled = "command" in question && applies(question.command) && site.sometimes(probability);
    return spoiled ? deed(question.command, site) : next(question, node);
  };
}

function changesSomething(command: KvCommand): boolean {
  return command.type !== "txn" || command.steps.some(([kind]) => kind !== "r");
}

/** Answers a question that only reads, from what keys are said to hold. */
export function answerFrom(question: Question, get: (key: string) => Json): KvResult {
  if ("read" in question) return { type: "ok", value: get(question.read) };
  return { type: "ok", value: stepsOf(question).map(([, key]) => ["r", key, get(key)]) };
}

/** The steps of a transaction. */
export function stepsOf(question: Question): readonly KvMicroOp[] {
  return "command" in question && question.command.type === "txn" ? question.command.steps : [];
}

/** Does a command as if every compare held. */
export function withoutComparing(command: KvCommand, site: Site): KvResult {
  if (command.type === "cas") {
    site.commit({ type: "put", key: command.key, value: command.value });
    return { type: "ok", value: [command.expected, command.value] };
  }
  if (command.type !== "txn") return site.commit(command);
  const forced = command.steps.map((step): KvMicroOp => (step[0] === "cas" ? ["w", step[1], step[2][1]] : step));
  const result = site.commit({ type: "txn", steps: forced });
  if (result.type !== "ok") return result;
  const answered = result.value as readonly KvMicroOp[];
  return { type: "ok", value: command.steps.map((step, place) => (step[0] === "cas" ? step : answered[place]!)) };
}

/** What a command would leave in each key that it sets, in order. */
export function writesOf(command: KvCommand): readonly (readonly [key: string, value: Json])[] {
  if (command.type === "put" || command.type === "cas") return [[command.key, command.value]];
  if (command.type !== "txn") return [];
  return command.steps.flatMap((step) => {
    if (step[0] === "w") return [[step[1], step[2]] as const];
    return step[0] === "cas" ? [[step[1], step[2][1]] as const] : [];
  });
}
