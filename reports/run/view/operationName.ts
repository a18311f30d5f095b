import type { ViolationScene } from "../digest/types.ts";
import { describeOperation, drawn } from "./describe.ts";

/** `write 41 (#2117)`, or `T1` where the sentence calls it so. */
export function operationName(index: number, { operations, names, prefix }: ViolationScene): string {
  const at = operations.findIndex((operation) => operation.index === index);
  const operation = operations[at] ?? (prefix?.next.index === index ? prefix.next : undefined);
  return names[at] ?? (operation ? `${describeOperation(operation, drawn)} (#${index})` : `#${index}`);
}
