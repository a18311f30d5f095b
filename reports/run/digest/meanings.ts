import { violationKinds } from "../../../analysis/results.ts";

const meanings: Readonly<Record<string, string>> = {
  ...violationKinds,
  "not-linearizable": "no order of the operations explains all answers",
};

/** What a kind of violation means; null where no table says. */
export function meaningOf(kind: string): string | null {
  return meanings[kind] ?? null;
}
