import { describe, expect, it } from "vitest";
import { operationsOf } from "../operations/build-table.ts";
import { textHistory } from "../test-support/text-history.ts";
import { buildBlocks } from "./blocks.ts";
import { certificate, replay } from "./certificate.ts";
import { KeyHistories, type KeyHistory, rowsByKey } from "./key-history.ts";
import { valueColumns } from "./values.ts";

function keyHistory(text: string): KeyHistory {
  const table = operationsOf(textHistory(text));
  return new KeyHistories(table).of(rowsByKey(table).rows);
}

/** Operations 0: write 1, 1: read 1, 2: cas 1>2 (unanswered, but read), 3: read 2, 4: write 9 (unanswered, unread). */
const history = keyHistory(`
  0 invoke write 1
  1 invoke read
  0 ok     write 1
  1 ok     read 1
  2 invoke cas 1>2
  3 invoke read
  3 ok     read 2
  4 invoke write 9
  2 info   cas 1>2 !timeout
  4 info   write 9 !timeout`);

describe("the certificate of a linearizable key", () => {
  it("orders what happened, and leaves out what nobody saw", () => {
    const columns = valueColumns(history);
    const order = certificate(history, columns, buildBlocks(history, columns));
    expect([...order]).toEqual([0, 1, 2, 3]);
    expect(replay(history, order)).toBeNull();
  });
});

describe("the replay of a claimed order", () => {
  it.each([
    [[0, 1, 2, 3, 4], null],
    [[0, 1, 2], "operation 3 is missing"],
    [[0, 1, 1, 2, 3], "operation 1 comes twice"],
    [[1, 0, 2, 3], "operation 1 needs value 1 and finds 0"],
    [[0, 2, 1, 3], "operation 1 had ended before an earlier one began"],
  ])("of %j says %j", (order, objection) => {
    expect(replay(history, Int32Array.from(order))).toBe(objection);
  });
});
