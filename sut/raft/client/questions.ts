import type { Operation } from "../../../history/event.ts";
import type { MicroOp, SystemOperation } from "../../system.ts";
import type { Json, KvMicroOp } from "../kv/commands.ts";
import type { Question } from "../protocol/client-messages.ts";

/** What a history's operation asks of the store. Throws a TypeError for one that the store does not have. */
export function questionOf(operation: Operation): Question {
  const ask = questions[operation.f as SystemOperation] as ((operation: Operation) => Question) | undefined;
  if (ask === undefined) {
    throw new TypeError(`the store has no operation ${operation.f}; it has ${Object.keys(questions).join(", ")}`);
  }
  return ask(operation);
}

/** Whether the question may be asked twice: it reads, and changes nothing. */
export function onlyReads(question: Question): boolean {
  if ("read" in question) return true;
  return question.command.type === "txn" && question.command.steps.every(([kind]) => kind === "r");
}

/** The value that a completed operation has: the store answers only what the client cannot know. */
export function completedValue(operation: Operation, answered: unknown): unknown {
  return answering.has(operation.f) ? answered : (operation.value ?? null);
}

const answering: ReadonlySet<string> = new Set<SystemOperation>(["read", "incr", "txn"]);

const questions: { readonly [F in SystemOperation]: (operation: Operation) => Question } = {
  read: (operation) => ({ read: keyOf(operation) }),
  write: (operation) => ({ command: { type: "put", key: keyOf(operation), value: operation.value as Json } }),
  cas: (operation) => {
    const [expected, value] = operation.value as readonly [Json, Json];
    return { command: { type: "cas", key: keyOf(operation), expected, value } };
  },
  delete: (operation) => ({ command: { type: "delete", key: keyOf(operation) } }),
  append: (operation) => ({ command: { type: "append", key: keyOf(operation), element: operation.value as Json } }),
  incr: (operation) => ({ command: { type: "incr", key: keyOf(operation), by: operation.value as number } }),
  txn: ({ value }) => ({ command: { type: "txn", steps: (value as readonly MicroOp[]).map(stepOf) } }),
};

function keyOf({ f, key }: Operation): string {
  if (key === undefined) throw new TypeError(`${f} needs a key`);
  return key;
}

/** A read's answer comes from the store, whatever the operation says. */
function stepOf([kind, key, operand]: MicroOp): KvMicroOp {
  return kind === "r" ? ["r", key, null] : ([kind, key, operand] as KvMicroOp);
}
