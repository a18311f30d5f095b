import { expect, test } from "vitest";
import type { NodeRecord } from "../../history/annotations.ts";
import type { HistoryEvent } from "../../history/event.ts";
import { leadersChecker } from "./leaders.ts";

let recorded = 0;
const seen = (atSeconds: number, node: string, role: NodeRecord["role"], term?: number): HistoryEvent => {
  const value: NodeRecord = { node, role, ...(term === undefined ? {} : { term }) };
  return { index: recorded++, time: atSeconds * 1e9, process: "observer", type: "info", f: "node", value };
};

test("leaders of different terms may be seen side by side, and one of them again and again", () => {
  const history = [
    seen(1, "n1", "leader", 3),
    seen(2, "n1", "unreachable"),
    seen(2.5, "n2", "leader", 4),
    seen(3, "n1", "leader", 3),
    seen(3, "n3", "follower", 4),
  ];
  expect(leadersChecker.check(history)).toMatchObject({ verdict: "valid", summary: "2 terms had one leader each" });
});

test("two leaders of one term are a split brain, also when the first had been gone for long", () => {
  const history = [seen(1, "n1", "leader", 3), seen(2, "n1", "follower", 3), seen(9, "n3", "leader", 3)];
  expect(leadersChecker.check(history)).toMatchObject({
    verdict: "invalid",
    summary: "term 3 had 2 leaders: n1 (seen at 1.000 s), n3 (seen at 9.000 s)",
    splits: [{ term: 3, leaders: [{ node: "n1" }, { node: "n3" }] }],
  });
});

test("where no leader of a term was seen, nothing was tested", () => {
  const history = [seen(1, "n1", "leader"), seen(2, "n2", "candidate", 5)];
  expect(leadersChecker.check(history)).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
});
