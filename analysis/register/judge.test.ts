import { describe, expect, it } from "vitest";
import { operationsOf } from "../operations/build-table.ts";
import { textHistory } from "../test-support/text-history.ts";
import { judgeRegisters } from "./judge.ts";

const check = (text: string) => judgeRegisters(textHistory(text), null).result;

/** What the check tells of a broken history: the kind, the sentence, and how many operations it takes. */
function found(text: string): [kind: string, sentence: string, operations: number] {
  const result = check(text);
  expect(result.verdict).toBe("invalid");
  const violation = result.violations[0]!;
  return [violation.kind, violation.sentence, violation.operations.length];
}

describe("histories that a register explains", () => {
  it("accepts a write that timed out and was read", () => {
    const timedOutWrite = `
      0 invoke write 1
      1 invoke read
      1 ok     read  1
      0 info   write 1 !timeout   # it may have happened, and here it did`;
    expect(check(timedOutWrite)).toMatchObject({
      verdict: "valid",
      summary: "2 operations on 1 key are linearizable",
      keys: { checked: 1, invalid: 0, unknown: 0 },
      staleReads: { count: 0 },
    });
  });

  it("accepts the older value while the newer write is still under way", () => {
    const overlapping = `
      0 invoke write 1
      0 ok     write 1
      0 invoke write 2
      1 invoke read
      1 ok     read 1
      0 ok     write 2`;
    expect(check(overlapping).verdict).toBe("valid");
  });

  it("accepts a compare that was refused while another value was there", () => {
    const refusedInTime = `
      0 invoke write 7
      0 ok     write 7
      1 invoke cas 7>9
      0 invoke write 8
      0 ok     write 8
      1 fail   cas 7>9 !cas-mismatch
      2 invoke read
      2 ok     read 8`;
    expect(check(refusedInTime).verdict).toBe("valid");
  });

  it("keeps 1 and the text 1 apart", () => {
    const sameLooks = `
      0 invoke write 1
      0 ok     write 1
      0 invoke write "1"
      0 ok     write "1"
      0 invoke read
      0 ok     read "1"`;
    expect(check(sameLooks).verdict).toBe("valid");
    expect(check(sameLooks.replace('read "1"', "read 1")).verdict).toBe("invalid");
  });

  it("does not take a failure for another reason as an observation", () => {
    const notLeader = `
      0 invoke write 7
      0 ok     write 7
      1 invoke cas 7>9
      1 fail   cas 7>9 !not-leader
      2 invoke read
      2 ok     read 7`;
    expect(check(notLeader).verdict).toBe("valid");
  });
});

describe("histories that no register explains", () => {
  it("tells a stale read with its age", () => {
    const stale = `
      1.00  7 invoke write 41
      1.10  7 ok     write 41 @n1
      11.80 7 invoke write 44
      11.90 7 ok     write 44 @n1
      12.30 3 invoke read
      12.31 3 ok     read 41 @n2`;
    const result = check(stale);
    expect(result.violations[0]).toMatchObject({
      kind: "stale-read",
      key: "x",
      sentence:
        "n2 answered 41 to process 3 at 12.31 s, but 44 had been acknowledged to process 7 at 11.90 s: " +
        "at least 1 version and 400 ms stale",
      staleness: { versions: 1, milliseconds: 400 },
    });
    expect(result.violations[0]?.orders).toContainEqual({
      before: 2,
      after: 4,
      why: "it ended at 11.90 s, before the other began at 12.30 s",
    });
    expect(result.staleReads).toEqual({ count: 1, maxVersions: 1, maxMilliseconds: 400 });
  });

  it("tells a stale read by what another process had read", () => {
    const unacknowledged = `
      1.00 0 invoke write 1
      1.10 0 ok     write 1
      1.20 0 invoke write 2
      1.30 1 invoke read
      1.40 1 ok     read 2 @n1
      1.50 2 invoke read
      1.60 2 ok     read 1 @n3
      1.70 0 info   write 2 !timeout`;
    expect(found(unacknowledged)).toEqual([
      "stale-read",
      "n3 answered 1 to process 2 at 1.60 s, but process 1 had already seen 2 at 1.40 s: at least 1 version and 100 ms stale",
      4,
    ]);
  });

  it("tells that a written register was found empty", () => {
    const lost = `
      1.00 0 invoke write 1
      1.10 0 ok     write 1
      1.20 1 invoke read
      1.30 1 ok     read null @n3`;
    expect(found(lost)).toEqual([
      "stale-read",
      "n3 answered that there is no value to process 1 at 1.30 s, but 1 had been acknowledged to process 0 at 1.10 s: " +
        "at least 1 version and 100 ms stale",
      2,
    ]);
  });

  it("tells two values that were seen in both orders", () => {
    const flipFlop = `
      1.00 0 invoke write 1
      1.01 1 invoke write 2
      1.10 2 invoke read
      1.11 3 invoke read
      1.20 2 ok     read 1 @n1
      1.21 3 ok     read 2 @n2
      1.22 2 invoke read
      1.23 3 invoke read
      1.30 2 ok     read 2 @n1
      1.31 3 ok     read 1 @n2
      1.41 0 ok     write 1
      1.42 1 ok     write 2`;
    expect(found(flipFlop)).toEqual([
      "reads-disagree",
      "process 2 read 1 by 1.20 s, before process 2 read 2 from 1.22 s on; " +
        "yet process 3 read 2 by 1.21 s, before process 3 read 1 from 1.23 s on",
      6,
    ]);
  });

  it("tells a read of the future", () => {
    const early = `
      1.00 3 invoke read
      1.10 3 ok     read 7 @n2
      1.20 5 invoke write 7
      1.30 5 ok     write 7`;
    expect(found(early)).toEqual([
      "future-read",
      "n2 answered 7 to process 3 at 1.10 s, before process 5 began to write it at 1.20 s",
      2,
    ]);
  });

  it("does not call a read stale because of a value from the future", () => {
    const early = `
      1.00 0 invoke write 1
      1.10 0 ok     write 1
      1.20 1 invoke read
      1.30 1 ok     read 2         # not written yet
      1.40 2 invoke read
      1.50 2 ok     read 1         # and so nothing is newer than this
      1.60 0 invoke write 2
      1.70 0 ok     write 2`;
    expect(found(early)[0]).toBe("future-read");
    expect(check(early).staleReads.count).toBe(0);
  });

  it("tells a compare with a value of the future", () => {
    const early = `
      1.20 1 invoke cas 1>2
      1.30 1 ok     cas 1>2
      1.40 0 invoke write 1
      1.50 0 ok     write 1`;
    expect(found(early)).toEqual([
      "future-read",
      "process 1 changed 1 to 2 at 1.30 s, before process 0 began to write 1 at 1.40 s",
      2,
    ]);
  });

  it("tells a value that nobody wrote", () => {
    const phantom = `
      1.00 3 invoke read
      1.10 3 ok     read 99 @n2`;
    expect(found(phantom)).toEqual(["phantom-read", "n2 answered 99 to process 3 at 1.10 s, but nobody wrote 99", 1]);
  });

  it("tells a value whose write had failed", () => {
    const aborted = `
      1.00 7 invoke write 41
      1.10 7 fail   write 41 @n1 !not-leader
      1.20 3 invoke read
      1.30 3 ok     read 41 @n2`;
    expect(found(aborted)).toEqual([
      "aborted-read",
      "n2 answered 41 to process 3 at 1.30 s, but the write of it by process 7 had certainly failed (not-leader)",
      2,
    ]);
  });

  it("tells two compare-and-sets from one value", () => {
    const twice = `
      1.00 0 invoke write 5
      1.10 0 ok     write 5
      1.20 3 invoke cas 5>6
      1.21 7 invoke cas 5>7
      1.30 3 ok     cas 5>6
      1.31 7 ok     cas 5>7`;
    expect(found(twice)).toEqual([
      "double-cas",
      "process 3 changed 5 to 6 and process 7 changed 5 to 7, but 5 was written only once",
      3,
    ]);
    const fromNothing = `
      1.20 3 invoke cas null>6
      1.21 7 invoke cas null>7
      1.30 3 ok     cas null>6
      1.31 7 ok     cas null>7`;
    expect(found(fromNothing)[1]).toContain("but the register was empty only once");
  });

  it("tells compare-and-sets that wait for each other", () => {
    const circle = `
      1.20 3 invoke cas 1>2
      1.21 4 invoke cas 2>1
      1.30 3 ok     cas 1>2
      1.31 4 ok     cas 2>1`;
    expect(found(circle)).toEqual([
      "cas-cycle",
      "process 3 changed 1 to 2 and process 4 changed 2 to 1: each needs another one to come first",
      2,
    ]);
  });

  it("tells a compare that was refused although the value was there", () => {
    const refused = `
      1.00 0 invoke write 7
      1.90 0 ok     write 7
      1.95 9 invoke write 8          # later, and so no excuse
      2.00 3 invoke cas 7>9
      2.20 3 fail   cas 7>9 @n1 !cas-mismatch
      2.50 1 invoke read
      2.60 1 ok     read 7
      2.70 9 ok     write 8`;
    expect(found(refused)).toEqual([
      "cas-refused",
      "n1 refused to change 7 to 9 for process 3 at 2.20 s, but it certainly held 7 from 1.90 s until 2.50 s",
      3,
    ]);
  });

  it("tells an order that a chain of compare-and-sets forbids", () => {
    const backwards = `
      1.00 0 invoke write 1
      1.05 1 invoke cas 1>2
      1.30 2 invoke read
      1.40 2 ok     read 2
      1.50 4 invoke read
      1.60 4 ok     read 1
      1.90 1 ok     cas 1>2
      2.00 0 ok     write 1`;
    expect(found(backwards)).toEqual([
      "order",
      "process 2 read 2 by 1.40 s, but process 4 read 1 from 1.50 s on, which the values put first",
      4,
    ]);
  });

  it("sums up the stale reads, each by how much at least", () => {
    const lagging = `
      1.0000 0 invoke write 1
      1.0010 0 ok     write 1
      1.0020 0 invoke write 2
      1.0030 0 ok     write 2
      1.0035 1 invoke read
      1.0040 1 ok     read 1
      1.0100 1 invoke read
      1.0110 1 ok     read null`;
    const { summary, staleReads } = check(lagging);
    expect(staleReads).toEqual({ count: 2, maxVersions: 2, maxMilliseconds: 9 });
    expect(summary).toBe(
      'key "x" is not linearizable: process 1 read no value at 1.01 s, but 1 had been acknowledged to process 0 at 1.00 s: ' +
        "at least 2 versions and 9 ms stale; 2 reads were stale, this one the longest",
    );
  });

  it("puts a stale read before other violations, and counts one a key", () => {
    const several = `
      1.00 3 invoke read /a
      1.10 3 ok     read 99 /a
      1.20 0 invoke write 1 /b
      1.30 0 ok     write 1 /b
      1.40 1 invoke read /b
      1.50 1 ok     read null /b`;
    const result = check(several);
    expect(result.violations.map((violation) => [violation.key, violation.kind])).toEqual([
      ["b", "stale-read"],
      ["a", "phantom-read"],
    ]);
    expect(result).toMatchObject({ violationCount: 2, keys: { checked: 2, invalid: 2, unknown: 0 } });
    expect(result.summary).toMatch(/^2 of 2 keys are not linearizable: process 1 read no value/);
  });
});

describe("histories that the check does not decide", () => {
  it("never calls nothing valid", () => {
    expect(check("")).toMatchObject({ verdict: "unknown", cause: { code: "nothing-tested" } });
    const unread = `
      0 invoke write 1
      0 ok     write 1
      1 invoke read
      1 info   read !timeout`;
    expect(check(unread).summary).toBe("nothing was tested: no read and no compare-and-set was answered");
  });

  it("says which operations it cannot judge", () => {
    const counter = `
      0 invoke read /a
      0 ok     read null /a
      0 invoke incr 1 /b
      0 ok     incr 1 /b
      0 invoke read /b
      0 ok     read 1 /b`;
    const result = check(counter);
    expect(result).toMatchObject({ verdict: "unknown", keys: { checked: 2, unknown: 1 } });
    expect(result.summary).toContain("“incr” is no operation of a register");
  });

  it("does not judge numbers that JSON cannot tell from their neighbours", () => {
    const neighbours = `
      0 invoke write 18014398509481984
      0 ok     write 18014398509481984
      0 invoke read
      0 ok     read  18014398509481985`;
    expect(check(neighbours)).toMatchObject({ verdict: "unknown", cause: { code: "unsupported-operation" } });
  });

  it("says unknown when a value was written twice and time does not tell which was read", () => {
    const ambiguous = `
      0 invoke write 1
      1 invoke write 1
      0 ok     write 1
      1 ok     write 1
      0 invoke read
      0 ok     read 1`;
    expect(check(ambiguous)).toMatchObject({ verdict: "unknown", cause: { code: "values-repeat" } });
  });

  it("still finds a violation on another key", () => {
    const both = `
      0 invoke incr 1 /a
      0 ok     incr 1 /a
      0 invoke read /a
      0 ok     read 1 /a
      0 invoke read /b
      0 ok     read 9 /b`;
    expect(check(both).verdict).toBe("invalid");
  });
});

describe("recordings that cannot be", () => {
  it.each([
    ["0 ok read 1", "history:1: found a completion of process 0, expected its invocation before that"],
    ["0 invoke read\n0 invoke read", "history:2: found process 0 invoking a second operation, expected the completion"],
    ["2.0 0 invoke read\n1.0 0 ok read 1", "history:2: found time 1000000000, expected a time of at least 2000000000"],
  ])("refuses %j", (text, message) => {
    expect(() => check(text)).toThrow(message);
  });

  it("refuses an index that does not grow", () => {
    const [first, second] = textHistory("0 invoke read\n0 ok read null") as [never, object];
    expect(() => operationsOf([first, { ...second, index: 0 } as never])).toThrow("history:2: found index 0");
  });
});
